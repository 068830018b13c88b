"""What the platform does with deliveries (read by foundation/database/grants.py)."""

ADDED = {
    "startups.AcceptanceRecord",
    "startups.ImpactMeasure",
    "startups.Incubator",
    "startups.Indicator",
    "startups.StartupOrder",
}
CHANGED = {"startups.Deliverable", "startups.PhasePeriod"}
DELETED = {"startups.Story"}
