"""Startups, iterations and impact: one file per subject."""

from startups.models.impact import ImpactMeasure, Indicator
from startups.models.iterations import AcceptanceRecord, Deliverable, Iteration, Story
from startups.models.portfolio import Incubator, PhasePeriod, Startup, StartupOrder

__all__ = [
    "AcceptanceRecord",
    "Deliverable",
    "ImpactMeasure",
    "Incubator",
    "Indicator",
    "Iteration",
    "PhasePeriod",
    "Startup",
    "StartupOrder",
    "Story",
]
