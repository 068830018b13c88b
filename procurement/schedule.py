"""What beat rings, and how often. Each task is a sweep: it finds rows that a lost message left behind."""

SCHEDULE = {
    "documents-sweep": {"task": "documents.sweep", "schedule": 60.0},
    "notifications-drain": {"task": "notifications.drain_outbox", "schedule": 60.0},
    "tenders-forget-contributions": {"task": "tenders.forget_contributions", "schedule": 60.0},
}
