"""Doors of people, organisations, roles and sessions. Sign-in itself is allauth's, with our templates."""
