"""Pages of consultations, by subject."""
