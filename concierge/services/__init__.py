"""Writes of the supplier's file."""

from concierge.services.experience import capacity_remove, capacity_save, reference_remove, reference_save
from concierge.services.facts import file_update
from concierge.services.papers import certificate_add, certificate_remove, certificates_remind

__all__ = [
    "capacity_remove",
    "capacity_save",
    "certificate_add",
    "certificate_remove",
    "certificates_remind",
    "file_update",
    "reference_remove",
    "reference_save",
]
