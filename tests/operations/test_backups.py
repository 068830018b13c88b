"""F7 and Q11 of the trust file: a backup restored elsewhere is the same platform; S1: it tells nothing of a bid."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pyrage
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from foundation.journal import selectors as journal
from procurement.models import TaskRun
from procurement.operations import backups
from procurement.operations.backups import BackupError, Manifest, backup_make, backup_restore
from tests.accounts.factories import make_buyer_org
from tests.canaries import sinks
from tests.canaries.test_sealed import Canary, deposit_by_page
from tests.tenders.conftest import _quick_passphrases
from tests.tenders.factories import make_published

__all__ = ["_quick_passphrases"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_storage(tmp_path, settings):
    """A storage of this test alone: what others left behind is not part of the backup."""
    (tmp_path / "media").mkdir()
    files = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": files}


@pytest.fixture
def life(at):
    """Something of everything: people, a published tender, sealed bids, a document, a journal."""
    tender = make_published()
    canaries = [Canary(number) for number in range(2)]
    for canary in canaries:
        deposit_by_page(tender, canary)
    default_storage.save("tests/été.bin", ContentFile(os.urandom(300_000)))
    return canaries


@pytest.fixture
def elsewhere(tmp_path):
    """A second, empty database of the same server; answers the environment of its owner, who restores.

    `platform` is its address for web and worker.
    """
    name = f"jalon_restored_{os.getpid()}"
    base = connection.settings_dict
    given = {"host": base["HOST"], "port": base["PORT"], "user": base["USER"], "password": base["PASSWORD"]}
    server = psycopg2.connect(dbname="template1", **{key: value for key, value in given.items() if value})
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    media = tmp_path / "elsewhere"
    where = f"/{quote(base['HOST'])}/" if str(base["HOST"]).startswith("/") else ""
    host = "" if where else f"{base['HOST']}:{base['PORT'] or 5432}/"
    password = f":{base['PASSWORD']}" if base["PASSWORD"] else ""
    url = f"psql://{base['USER']}{password}@{where or host}{name}"
    yield {
        **os.environ,
        "DATABASE_URL": url,
        "platform": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
        "STORAGE_URL": f"file://{media}",
        "DJANGO_SETTINGS_MODULE": "procurement.settings.development",
        "JALON_HOME": str(tmp_path / "home"),
        "media": str(media),
    }
    with server.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.close()


def manage(environment: dict, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): backups.digest_of(path) for path in folder.rglob("*") if path.is_file()
    }


def test_restored_elsewhere_it_is_the_same_platform(life, elsewhere, tmp_path, at):
    here = tree(Path(default_storage.location))
    size, root = journal.root()
    assert len(here) >= 3 and size > 10
    made = backup_make(directory=tmp_path / "backups", recipients=[], at=at)
    manifest = Manifest.read(made)
    assert (manifest.journal_size, manifest.journal_root) == (size, root)

    done = manage(elsewhere, "restore", str(made))
    assert done.returncode == 0, done.stderr
    assert root in done.stdout
    assert tree(Path(elsewhere["media"])) == here
    verified = manage(elsewhere, "journal_verify")
    assert verified.returncode == 0, verified.stderr

    # Web, worker and backups sign in with the other role, which holds its rights again.
    serving = {**elsewhere, "DATABASE_URL": elsewhere["platform"]}
    rights = manage(serving, "shell", "-c", RIGHTS)
    assert rights.stdout.strip().endswith("([], [])"), rights.stderr
    again = manage(serving, "backup", "--to", str(tmp_path / "second"))
    assert again.returncode == 0, again.stderr
    [second] = (tmp_path / "second").glob("jalon-*")
    copy = Manifest.read(second)
    assert copy.files == manifest.files and copy.journal_root == manifest.journal_root
    # The second backup noted itself among the tasks: the only row more.
    assert {**copy.tables, "procurement_taskrun": 0} == {**manifest.tables, "procurement_taskrun": 0}

    refused = manage(elsewhere, "restore", str(made))
    assert refused.returncode == 1 and "base vide" in refused.stderr
    written = manage(elsewhere, "shell", "-c", CHANGE)
    assert "Cannot update" in written.stderr, "the triggers are back"
    written = manage(serving, "shell", "-c", CHANGE)
    assert "permission denied" in written.stderr, "and the rights"


RIGHTS = "from foundation.database import grants; print(grants.differences())"
CHANGE = "from foundation.journal.models import Entry; Entry.objects.update(reason='x')"


def test_a_backup_tells_nothing_of_a_sealed_bid(life, tmp_path, at):
    made = backup_make(directory=tmp_path / "backups", recipients=[], at=at)
    told = subprocess.run(
        [backups.program("pg_restore"), "--file=-", str(made / backups.DUMP)], capture_output=True, check=True
    ).stdout
    assert b"tenders_bid" in told, "the search looks at the whole dump"
    hunt = Canary.hunt(life)
    assert hunt.hits(told) == []
    assert [hits for _place, content in sinks.files_under(made) if (hits := hunt.hits(content))] == []


def test_encrypted_it_opens_only_with_the_key(life, elsewhere, tmp_path, at):
    identity = pyrage.x25519.Identity.generate()
    made = backup_make(directory=tmp_path / "backups", recipients=[str(identity.to_public())], at=at)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [made.name]
    content = made.read_bytes()
    assert content.startswith(b"age-encryption.org/v1") and b"manifest.json" not in content
    (tmp_path / "key").write_text(f"# created\n{identity}\n")
    (tmp_path / "other").write_text(str(pyrage.x25519.Identity.generate()))
    for wrong in ([], ["--identity", str(tmp_path / "other")]):
        refused = manage(elsewhere, "restore", str(made), *wrong)
        assert refused.returncode == 1 and "CommandError" in refused.stderr
    done = manage(elsewhere, "restore", str(made), "--identity", str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr
    assert tree(Path(elsewhere["media"])) == tree(Path(default_storage.location))


@pytest.mark.parametrize("part", ["a file", "the dump", "a file that is gone", "the manifest"])
def test_what_was_altered_is_refused_before_anything_is_written(life, tmp_path, at, part, monkeypatch):
    made = backup_make(directory=tmp_path / "backups", recipients=[], at=at)
    name = next(iter(Manifest.read(made).files))
    victims = {"a file": made / "files" / name, "the dump": made / backups.DUMP}
    victims |= {"a file that is gone": made / "files" / name, "the manifest": made / backups.MANIFEST}
    if part in {"a file that is gone", "the manifest"}:
        victims[part].unlink()
    else:
        content = bytearray(victims[part].read_bytes())
        content[len(content) // 2] ^= 1
        victims[part].write_bytes(content)
    monkeypatch.setattr(backups, "_refuse_full", lambda: None)
    monkeypatch.setattr(backups, "_run", lambda *arguments: pytest.fail("something was written"))
    with pytest.raises(BackupError, match="sauvegarde"):
        backup_restore(source=made)


def test_it_is_refused_where_something_lives(at, tmp_path):
    with pytest.raises(BackupError, match="base vide"):
        backup_restore(source=tmp_path)


def test_a_file_that_a_row_names_and_that_is_gone_is_told(life, tmp_path, at):
    name = next(iter(backups.named_files()))
    default_storage.delete(name)
    with pytest.raises(BackupError, match="manquent au stockage"):
        backup_make(directory=tmp_path / "backups", recipients=[], at=at)
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_command_keeps_the_newest_and_notes_itself(tmp_path, at):
    make_buyer_org()
    for number in range(3):
        backup_make(
            directory=tmp_path / "backups", recipients=[], at=at.replace(microsecond=0, year=2020 + number)
        )
    call_command("backup", to=tmp_path / "backups", keep=2)
    kept = sorted(path.name[:10] for path in (tmp_path / "backups").iterdir())
    assert kept == ["jalon-2022", f"jalon-{at:%Y}"]
    assert TaskRun.objects.get(name=backups.TASK).succeeded_at is not None


def test_a_backup_that_fails_is_noted(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "program", lambda name: "/bin/false")
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", to=tmp_path / "backups")
    assert TaskRun.objects.get(name=backups.TASK).error == "BackupError"
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_manifest_of_another_format_is_refused(tmp_path, at):
    made = backup_make(directory=tmp_path, recipients=[], at=at)
    told = json.loads((made / backups.MANIFEST).read_text())
    (made / backups.MANIFEST).write_text(json.dumps({**told, "format": 2}))
    with pytest.raises(BackupError, match="Format 2"):
        Manifest.read(made)
