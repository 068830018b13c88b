"""What the platform does with needs, besides what triggers watch over (foundation/database/grants.py)."""

CHANGED = {"needs.Brief", "needs.ProjectCounter", "needs.StrategyLine"}
DELETED = {"needs.StrategyLine", "needs.TeamMember"}
