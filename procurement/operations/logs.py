"""Logs in lines that a machine reads (production) or a person (development), without personal data or secrets.

What is personal or secret is taken out by three means: names of values that never leave (`SECRET_NAMES`), shapes
that are recognised in any text (`SHAPES`), and errors told by their kind and place, not by their message, which may
quote anything (`LOG_ERROR_MESSAGES`). Settings import this module: nothing of Django may be imported here.
"""

import re
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[masqué]"
SECRET_NAMES = re.compile(
    r"passw|passphrase|phrase|secret|token|jeton|authoriz|cookie|csrf|session|signature|credential|e?mail"
    r"|recipient|full_name|phone|siret|query|body|payload|(^|_)(args|kwargs|result|user|username|name|ip|key)$",
    re.IGNORECASE,
)
"""Names of values that are not written, whatever they hold."""
KNOWN_NAMES = frozenset({"child_task_name", "routing_key"})
IDENTIFIERS = frozenset({"request_id", "task_id", "child_task_id", "object"})
"""Ours, or checked where they come in: never taken for a token."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
SHAPES: tuple[tuple[re.Pattern, str], ...] = (
    (re.compile(r"://[^/\s:@]*:[^/\s@]*@"), f"://{HIDDEN}@"),
    (re.compile(r"[\w.+%'-]+@[\w-]+(\.[\w-]+)+"), "[adresse]"),
    (re.compile(r"\b(bearer|token|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"\b(\w*(?:passw\w*|passphrase|secret|token|jeton|signature|sig|key))(['\"]?\s*[=:]\s*)['\"]?[^\s'\",;&}]+",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*"), "?…"),
    # A long run of letters and digits: a token, a signature, a digest. Identifiers (UUID) are kept.
    (re.compile(rf"(?<![\w-])(?!{_UUID}\b)(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{{24,}}"), "[jeton]"),
    (re.compile(r"\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b"), r"\1.0"),
    (re.compile(r"\b([0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}):[0-9a-f:]{2,}", re.IGNORECASE), r"\1::"),
    (re.compile(r"(?<![\w-])(?:\+33\s?|0)[1-9](?:[ .]?\d{2}){4}(?![\w-])"), "[téléphone]"),
)
"""What is recognised in any text, and what takes its place."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """`text` without addresses, tokens, passwords, query strings; network addresses are shortened."""
    for shape, instead in SHAPES:
        text = shape.sub(instead, text)
    return text


def on_one_line(text: str) -> str:
    """`text` with its control characters spelt: it cannot begin a line that we did not write (log injection)."""
    return _CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def clean(value: Any) -> Any:
    """A value as it may be written: numbers as they are, texts masked, anything else by its name."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(name): _kept(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(inner) for inner in value]
    if isinstance(value, BaseException):
        return type(value).__name__
    return on_one_line(masked(str(value)))


def _kept(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name) and name not in KNOWN_NAMES and value is not None:
        return HIDDEN
    return on_one_line(str(value)) if name in IDENTIFIERS else clean(value)


def hide(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Processor: nothing personal or secret goes further. Errors are told before it, see `Errors`."""
    kept = {name: event.pop(name) for name in ("_record", "_from_structlog", "trace") if name in event}
    return {**{name: _kept(name, value) for name, value in event.items()}, **kept}


class Errors:
    """Processor: an error becomes its kind and the places it went through; its message only if asked."""

    def __init__(self, *, with_messages: bool) -> None:
        self.with_messages = with_messages

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """Replace `exc_info` and the messages of errors by `trace`, a list of lines."""
        error = _error_of(event.pop("exc_info", None))
        for name in ("exception", "error", "reason"):
            value = event.get(name)
            if isinstance(value, BaseException):
                error = error or value
                del event[name]
            elif name == "error" and isinstance(value, str) and not self.with_messages and error:
                del event[name]
        if error is not None:
            event["trace"] = list(self._lines(error))
        return event

    def _lines(self, error: BaseException) -> Iterable[str]:
        for one in _causes(error):
            message = f": {on_one_line(masked(str(one)))}" if self.with_messages else ""
            yield f"{type(one).__module__}.{type(one).__qualname__}{message}"
            yield from _places(one.__traceback__)


def _error_of(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1]
    return sys.exc_info()[1] if given else None


def _causes(error: BaseException) -> Iterable[BaseException]:
    """The error, then what it came from; at most five."""
    one: BaseException | None = error
    for _ in range(5):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _places(trace: TracebackType | None, most: int = 25) -> Iterable[str]:
    frames = traceback.extract_tb(trace)[-most:]
    return (f"  {'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames)


def readable(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Renderer: one line for a person, then the places of the error, set back so that none passes for a line."""
    time, level, name = (event.pop(part, "") for part in ("timestamp", "level", "logger"))
    trace = event.pop("trace", [])
    words = [f"{time} {level.upper():<7} {name} {event.pop('event', '')}"]
    words += [f"{key}={value}" for key, value in event.items()]
    return "\n".join([" ".join(words), *(f"    | {line}" for line in trace)])


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
QUIET = {
    # Each trigger and each step of each PDF is told at INFO.
    **dict.fromkeys(("pgtrigger", "weasyprint", "fontTools", "pikepdf"), "WARNING"),
    # At DEBUG these write parameters of queries, signed addresses, messages: never, whatever LOG_LEVEL.
    **dict.fromkeys(("django.db.backends", "boto3", "botocore", "s3transfer", "urllib3"), "WARNING"),
    **dict.fromkeys(("kombu", "amqp", "redis", "asyncio", "PIL", "django.template"), "INFO"),
    # They write the address or the message of the error; `request_failed` and `task_failed` tell the same.
    **dict.fromkeys(("django.request", "django.server", "celery.app.trace", "gunicorn.access"), "CRITICAL"),
}


def configuration(*, machine: bool, level: str, with_messages: bool) -> dict:
    """The value of `LOGGING`: JSON for a machine, else lines for a person. Configures structlog too."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if machine else readable
    formatter = {
        "()": "structlog.stdlib.ProcessorFormatter",
        "foreign_pre_chain": SHARED,
        "processors": [
            Errors(with_messages=with_messages),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            hide,
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": quiet} for name, quiet in QUIET.items()},
    }
