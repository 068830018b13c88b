"""Doors of the shell. The error handlers are named here because `urls.py` of the project points at them."""

from foundation.screens.views.errors import bad_request, csrf_failure, forbidden, not_found, server_error

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "server_error"]
