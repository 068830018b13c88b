"""What whoever runs the platform needs: logs, request ids, measures, checks, backups, scheduled tasks."""
