"""U4, Q8: whatever is written, nothing is sent to this machine, to a neighbour or through a tunnel."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.errors import Refusal
from foundation.webhooks import addresses, sending
from tests.webhooks.vectors import PUBLIC, RESOLVED, WRITTEN

ROOT = Path(__file__).resolve().parents[2]


def test_there_are_enough_vectors():
    assert len(set(WRITTEN)) + len(set(RESOLVED)) >= 60


@pytest.mark.parametrize("url", WRITTEN)
def test_an_address_that_leads_inside_is_refused_when_written(url, outside):
    with pytest.raises(Refusal) as refused:
        addresses.read(url)
    assert refused.value.reasons[0].field == "url"
    assert sending.post(url, b"{}", {}).status is None
    assert outside == []


@pytest.mark.parametrize("address", RESOLVED)
def test_a_name_that_leads_inside_is_refused_before_connecting(address, names, outside):
    names["recevoir.exemple.fr"] = [address]
    answer = sending.post("https://recevoir.exemple.fr/", b"{}", {})
    assert answer.error == "Ce nom mène à une adresse d’un réseau privé."
    assert outside == []


@pytest.mark.parametrize("address", ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1"])
def test_one_private_address_among_public_ones_is_enough(address, names, outside):
    names["recevoir.exemple.fr"] = [*PUBLIC, address]
    assert sending.post("https://recevoir.exemple.fr/", b"{}", {}).status is None
    assert outside == []


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_connected_to(address, names, outside):
    """Positive control: the guard sees what leaves."""
    names["recevoir.exemple.fr"] = [address]
    sending.post("https://recevoir.exemple.fr:8443/jalon", b"{}", {})
    assert [tried[:2] for tried in outside] == [(address, 8443)]


def test_a_name_that_changes_its_mind_gains_nothing(names, outside):
    """DNS rebinding: the connection goes to the address that was checked, the name is asked once."""
    names["recevoir.exemple.fr"] = [["93.184.216.34"], ["127.0.0.1"]]
    sending.post("https://recevoir.exemple.fr/", b"{}", {})
    assert outside == [("93.184.216.34", 443)]


def test_networks_of_the_installation_are_closed_too(names, outside, settings):
    settings.WEBHOOKS_BLOCKED_NETWORKS = ["93.184.216.0/24"]
    names["recevoir.exemple.fr"] = ["93.184.216.34"]
    assert sending.post("https://recevoir.exemple.fr/", b"{}", {}).status is None
    assert outside == []


def test_an_unknown_name_is_said_in_words(names, outside):
    assert (
        sending.post("https://inconnu.exemple.fr/", b"{}", {}).error == "Ce nom de domaine est introuvable."
    )


@pytest.mark.parametrize("host", ["suivi.jalon.example", "recevoir.example.org"])
def test_nobody_is_asked_where_a_name_of_documentation_is(host, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", None)
    assert sending.post(f"https://{host}/", b"{}", {}).error == "Ce nom de domaine est introuvable."


def test_this_machine_is_closed_unless_one_develops(receiver, settings):
    settings.WEBHOOKS_ALLOW_LOOPBACK = False
    assert sending.post(receiver.url, b"{}", {}).status is None
    assert receiver.requests == []


NAMESPACE = """
import json, socket, sys
from django.conf import settings
settings.configure(WEBHOOKS_ALLOW_LOOPBACK=False, WEBHOOKS_PORTS=[443, 8443], WEBHOOKS_BLOCKED_NETWORKS=[],
                   USE_I18N=False)
from foundation.webhooks import sending
sending.CONNECT_SECONDS = 1
written, resolved, public = json.load(sys.stdin)
real = socket.getaddrinfo
def answer(host, port, *args, **kwargs):
    if host == "recevoir.exemple.fr":
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]
    return real(host, port, *args, **kwargs)
socket.getaddrinfo = answer
def sent():
    lines = open("/proc/self/net/dev").read().splitlines()
    return int(next(line for line in lines if "sink:" in line).split()[9 + 1])
address, before = "10.0.0.1", sent()
for url in written:
    assert sending.post(url, b"{}", {}).status is None, url
for address in resolved:
    assert sending.post("https://recevoir.exemple.fr/", b"{}", {}).status is None, address
inside = sent() - before
address = public
sending.post("https://recevoir.exemple.fr/", b"{}", {})
print(json.dumps([inside, sent() - before]))
"""


def test_no_packet_leaves_a_network_where_everything_is_a_sinkhole():
    """Q8, in a network namespace of its own whose only way out is counted; a public address is the control."""
    setup = (
        "ip link set lo up && ip link add sink type veth peer name far"
        " && ip link set sink addrgenmode none arp off && ip link set far addrgenmode none"
        " && ip link set far up && ip link set sink up && ip addr add 198.19.255.1/24 dev sink"
        " && ip -6 addr add fd99::1/64 dev sink nodad && ip route add default dev sink"
        ' && ip -6 route add default dev sink && sleep 1 && exec "$0" -c "$1"'
    )
    command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", setup, sys.executable, NAMESPACE]
    done = subprocess.run(
        command,
        cwd=ROOT,
        input=json.dumps([WRITTEN, RESOLVED, PUBLIC[0]]),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode and "Traceback" not in done.stderr:
        pytest.skip(f"no network namespace here: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    inside, with_control = json.loads(done.stdout)
    assert inside == 0
    assert with_control > 0
