"""What the platform does with deliveries, besides what triggers watch over (foundation/database/grants.py)."""

ADDED = {
    "startups.AcceptanceRecord",
    "startups.ImpactMeasure",
    "startups.Incubator",
    "startups.Indicator",
    "startups.StartupOrder",
}
CHANGED = {"startups.Deliverable", "startups.PhasePeriod"}
DELETED = {"startups.Story"}
