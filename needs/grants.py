"""What the platform does with needs (read by foundation/database/grants.py)."""

CHANGED = {"needs.Brief", "needs.ProjectCounter", "needs.StrategyLine"}
DELETED = {"needs.StrategyLine", "needs.TeamMember"}
