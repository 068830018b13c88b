"""Forms of agreements and orders: they ask in plain words, the services decide."""
