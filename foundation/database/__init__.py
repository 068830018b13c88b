"""The database as a guard: triggers that nobody can silence, rights granted one by one, two roles."""
