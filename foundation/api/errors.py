"""Every error of the API leaves as `application/problem+json`, with the same members and in French."""

import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.core.signals import got_request_exception
from django.db import DataError
from django.http import Http404, UnreadablePostError
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from foundation.api import problems
from foundation.errors import Refusal, field_keys
from foundation.unavailable import RETRY_AFTER, is_unavailable

CONTENT_TYPE = "application/problem+json"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

OUT_OF_RANGE = _("Une valeur est hors des limites : aucun nombre de la plateforme n’est aussi grand.")

logger = logging.getLogger("jalon.api")


def problem(kind, *, instance="", detail="", errors=(), headers=None, status=None):
    """A problem+json response of this `ProblemKind`; each of `errors` has pointer, detail, code, article."""
    body = {
        "type": reverse("api:problem", args=[kind.code]),
        "title": force_str(kind.title),
        "status": status or kind.status,
        "detail": force_str(detail or kind.advice),
        "instance": instance,
    }
    if errors:
        body["errors"] = list(errors)
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def exception_handler(exc, context):
    """Handler for DRF's EXCEPTION_HANDLER: never a trace, never a bare message, always a problem."""
    request = context.get("request")
    instance = request.path if request is not None else ""
    set_rollback()
    if isinstance(exc, Refusal):
        return _refused(exc, instance)
    if isinstance(exc, problems.ProblemError):
        return problem(exc.kind, instance=instance, detail=exc.detail, errors=exc.errors, headers=exc.headers)
    if isinstance(exc, ModelValidationError):
        exc = exceptions.ValidationError(detail=_model_detail(exc))
    if isinstance(exc, exceptions.ValidationError):
        return _invalid(exc, instance, in_query=request is not None and request.method in SAFE_METHODS)
    if isinstance(exc, DataError):
        logger.warning("api.value_out_of_range", extra={"path": instance})
        return problem(problems.KINDS["invalid"], instance=instance, detail=OUT_OF_RANGE)
    exc = _as_api_exception(exc)
    if isinstance(exc, exceptions.APIException):
        return _plain(exc, instance)
    return _unexpected(exc, request, instance)


def _refused(refusal, instance):
    kind = problems.kind_for_refusal([reason.code for reason in refusal.reasons])
    errors = [
        {
            "pointer": _pointer(field_keys(reason.field)),
            "detail": force_str(reason.message),
            "code": reason.code,
            "article": reason.article,
        }
        for reason in refusal.reasons
    ]
    return problem(kind, instance=instance, detail=str(refusal), errors=errors)


def _invalid(exc, instance, *, in_query):
    errors = [_validation_error(path, error, in_query) for path, error in _flatten(exc.detail)]
    if len(errors) == 1:
        detail = errors[0]["detail"]
    else:
        count = len(errors)
        detail = ngettext(
            "%(count)d élément est à corriger.", "%(count)d éléments sont à corriger.", count
        ) % {"count": count}
    return problem(problems.KINDS["invalid"], instance=instance, detail=detail, errors=errors)


def _validation_error(path, error, in_query):
    found = {"pointer": _pointer(path), "detail": force_str(error), "code": error.code, "article": ""}
    if in_query and path:
        # What is wrong is in the query string: there is no body to point into.
        found["pointer"], found["parameter"] = "", str(path[0])
    return found


def _flatten(detail, path=()):
    """Each leaf of a DRF error detail with the keys to it; `non_field_errors` points to its parent."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            own = () if key == api_settings.NON_FIELD_ERRORS_KEY else (key,)
            yield from _flatten(value, (*path, *own))
    elif isinstance(detail, list):
        nested = any(isinstance(item, (dict, list)) for item in detail)
        for index, item in enumerate(detail):
            yield from _flatten(item, (*path, index) if nested else path)
    else:
        yield path, detail


def _pointer(path):
    """JSON pointer (RFC 6901) of these keys; the whole document is the empty pointer."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def _model_detail(exc):
    if hasattr(exc, "error_dict"):
        detail = {key: list(messages) for key, messages in exc.message_dict.items()}
        if "__all__" in detail:
            detail[api_settings.NON_FIELD_ERRORS_KEY] = detail.pop("__all__")
        return detail
    return list(exc.messages)


def _as_api_exception(exc):
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, RequestDataTooBig):
        too_big = exceptions.APIException()
        too_big.status_code = 413
        return too_big
    if isinstance(exc, UnreadablePostError):
        cut = exceptions.APIException()
        cut.status_code = 408
        return cut
    return exc


def _plain(exc, instance):
    kind = problems.BY_STATUS.get(exc.status_code, problems.KINDS["internal"])
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = f"{exc.wait:.0f}"
    # A wrong token, an unread media type or a broken body say more than the general advice.
    tells_more = isinstance(exc, (exceptions.AuthenticationFailed, exceptions.ParseError))
    return problem(
        kind,
        instance=instance,
        detail=exc.detail if tells_more else "",
        headers=headers,
        status=exc.status_code,
    )


def _unexpected(exc, request, instance):
    """Not the caller's fault: logged and signalled as Django does, so that watchers see it, told without trace."""
    logger.error("api.unexpected_error", exc_info=exc, extra={"path": instance})
    if request is not None:
        got_request_exception.send(sender=type(exc), request=request._request)
    if is_unavailable(exc):
        headers = {"Retry-After": str(RETRY_AFTER)}
        return problem(problems.KINDS["unavailable"], instance=instance, headers=headers)
    return problem(problems.KINDS["internal"], instance=instance)
