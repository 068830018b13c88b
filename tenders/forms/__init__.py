"""Forms of consultations: they ask in plain words and parse; the services decide."""
