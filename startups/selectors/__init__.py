"""Reads of startups: the public portfolio, the delivery, the impact, the records, the dashboards."""
