"""Consultations in the words of OCDS: what the public may read of them, and when it is published."""

from tenders.ocds.publishing import publish

__all__ = ["publish"]
