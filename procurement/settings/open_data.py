"""Who answers for the open data of this installation."""

from .environment import env

OCDS_PREFIX = env("OCDS_PREFIX", default="ocds-213czf")
"""Prefix of the contracting processes, given by the Open Contracting Partnership to each publisher, for ever the same.
The default is the one that the standard keeps for examples: the page of open data says so."""
OPEN_DATA_PUBLISHER = env("OPEN_DATA_PUBLISHER", default="Jalon")
OPEN_DATA_PUBLISHER_SIRET = env("OPEN_DATA_PUBLISHER_SIRET", default="")
