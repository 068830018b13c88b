"""Startups, iterations and stories through the API."""

from startups.api.iterations import IterationViewSet
from startups.api.startups import IncubatorViewSet, StartupViewSet
from startups.api.stories import StoryViewSet

ROUTES = [
    ("incubators", IncubatorViewSet, "incubator"),
    ("startups", StartupViewSet, "startup"),
    ("iterations", IterationViewSet, "iteration"),
    ("stories", StoryViewSet, "story"),
]
