"""O3 of the trust file: what a server sealed, or a passphrase it used, is not in its memory ten seconds later."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.db import connection

from foundation.api.models import AccessToken
from foundation.clock import now
from procurement.runtime import programs
from procurement.runtime.environment import platform_environment
from procurement.runtime.preflight import free_port
from tenders import services
from tests.tenders.factories import make_draft, make_supplier, publish

PRICE, PHRASE = "31415926.53", "canari de la memoire vive et du papier"
PASSPHRASE = "trente canaris gris sur un toit mouille"
SECONDS = 10


def url_of_database() -> str:
    """The database of this test, as its server is told it."""
    told = connection.settings_dict
    return f"psql://{told['USER']}@/{told['HOST']}/{told['NAME']}"


@contextmanager
def served(home: Path, **variables: str):
    """The web server as it is deployed: (address, identifiers of its processes)."""
    home.mkdir()
    environment = platform_environment(
        home, {"DATABASE_URL": url_of_database(), "REDIS_URL": os.environ["REDIS_URL"]}
    )
    environment |= {"PORT": str(free_port()), "DJANGO_SETTINGS_MODULE": "procurement.settings.development"}
    web = programs.web(environment | variables, home)
    web.start()
    try:
        programs.wait_for_web(web)
        yield f"http://127.0.0.1:{environment['PORT']}", web.process.pid
    finally:
        web.stop()


def processes_of(pid: int) -> list[int]:
    """A process and its children."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in told for one in processes_of(int(child)))]


def memory_of(pid: int):
    """What a process may write, region by region; whoever runs the tests may have to be root."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, stop = (int(edge, 16) for edge in place.split("-"))
            try:
                memory.seek(start)
                yield memory.read(stop - start)
            except OSError:
                continue


def hits(pid: int, words: list[str]) -> dict[str, int]:
    """How often each word stands in the memory of these processes."""
    found = dict.fromkeys(words, 0)
    for one in processes_of(pid):
        for region in memory_of(one):
            for word in words:
                found[word] += region.count(word.encode())
    return found


def left_after(pid: int, words: list[str]) -> dict[str, int]:
    """What is left of them, at the latest after SECONDS."""
    found = {}
    for _second in range(SECONDS):
        time.sleep(1)
        found = {word: count for word, count in hits(pid, words).items() if count}
        if not found:
            break
    return found


@pytest.fixture
def actors(transactional_db):
    """A consultation, the token of a firm, and that of a custodian with a passphrase of his own."""
    tender = publish(make_draft(custodians=2))
    tokens = {}
    supplier, _firm = make_supplier()
    custodian = tender.rounds.get().custody.seats.first().custodian
    services.custodian_key_create(passphrase=PASSPHRASE, by=custodian, at=now())
    for name, person in (("supplier", supplier), ("custodian", custodian)):
        _row, tokens[name] = AccessToken.objects.create(
            user=person, scopes=["read", "bids:write", "tenders:write"]
        )
    return tender, custodian, tokens


def play(url: str, tender, custodian, tokens) -> None:
    """A deposit that the server seals, then a rehearsal-like use of a passphrase."""
    body = {"prices": f'{{"1": {{"UO-1": "{PRICE}", "UO-2": "1"}}}}', "candidature": '{"is_declared": true}'}
    answer = requests.post(
        f"{url}/api/v1/tenders/{tender.pk}/deposit/",
        data=body,
        files={"files": ("note.txt", PHRASE.encode() * 50_000)},
        headers={"Authorization": f"Token {tokens['supplier']}"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text


@pytest.mark.skipif(os.geteuid() != 0, reason="reading the memory of a closed process needs root")
def test_nothing_is_left_in_the_memory_of_the_web_server(actors, tmp_path):
    tender, custodian, tokens = actors
    with served(tmp_path / "closed") as (url, pid):
        play(url, tender, custodian, tokens)
        assert left_after(pid, [PRICE, PHRASE]) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="reading the memory of a closed process needs root")
def test_without_that_setting_it_is(actors, tmp_path):
    """The control: the allocator of every day keeps what it freed."""
    tender, custodian, tokens = actors
    with served(tmp_path / "open", PYTHONMALLOC="pymalloc", MALLOC_PERTURB_="0") as (url, pid):
        play(url, tender, custodian, tokens)
        assert left_after(pid, [PRICE, PHRASE])
