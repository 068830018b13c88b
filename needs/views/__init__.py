"""Pages of the purchase project."""
