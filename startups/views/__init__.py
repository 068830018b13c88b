"""Pages of startups: the public portfolio, the delivery, the iterations, the impact."""
