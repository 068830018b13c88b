"""Where a message may be sent: an address written by someone must never reach what only we may reach (U4).

Checked when it is written, and again each time before sending, on the very IP addresses that the connection
will use: a name that changes its mind between the check and the connection gains nothing.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.errors import Refusal

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LOCAL_NAMES = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "arpa",
    "onion",
    "invalid",
    "test",
    "alt",
)
"""Last labels that no public name has (RFC 6761, 6762, 7686, 8375, ICANN) or that mean this very machine."""

NOBODY = (".example", ".example.com", ".example.net", ".example.org")
"""Names of documentation (RFC 2606): the demonstration uses them, and nobody is asked where they are."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER_LIKE = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_PRINTABLE = re.compile(r"[!-~]+")

# What `is_global` lets through, or judges otherwise from one version of Python to the next.
_NEVER = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo, ORCHID, benchmarks, other assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address
        "3fff::/20",
        "5f00::/16",
    )
]
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")  # everything else is local, mapped, translated or unassigned


@dataclass(frozen=True)
class Target:
    """An address that may be tried: what to connect to once its name is resolved."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_loopback(self) -> bool:
        """This very machine: only where the settings let a developer try."""
        return self.host in {"127.0.0.1", "localhost"}


def read(url: str) -> Target:
    """The parts of `url`. Raises Refusal, in words, for an address that is not a plain public https one."""
    if not _PRINTABLE.fullmatch(url) or "\\" in url or len(url) > 500:
        raise _refused(_("Écrivez l’adresse sans espace, sans accent ni caractère spécial."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _refused(_("Cette adresse n’est pas lisible.")) from None
    if "@" in parts.netloc or parts.username is not None:
        raise _refused(_("L’adresse ne doit contenir ni nom ni mot de passe."))
    if "#" in url:
        raise _refused(_("Retirez de l’adresse ce qui suit « # »."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = host.removesuffix(".")
    usual = {"https": 443, "http": 80}.get(parts.scheme, 0)
    target = Target(parts.scheme, host, usual if port is None else port, path)
    _check(target)
    return target


def _check(target: Target) -> None:
    if target.is_loopback and settings.WEBHOOKS_ALLOW_LOOPBACK and target.scheme in {"http", "https"}:
        return
    if target.scheme != "https":
        raise _refused(_("L’adresse doit commencer par https://."))
    if target.port not in settings.WEBHOOKS_PORTS:
        raise _refused(
            _("Le port doit être l’un de ceux-ci : %(ports)s.")
            % {"ports": ", ".join(map(str, settings.WEBHOOKS_PORTS))}
        )
    labels = target.host.split(".")
    if len(labels) < 2 or len(target.host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(_("Donnez un nom de domaine complet, par exemple recevoir.exemple.fr."))
    if _NUMBER_LIKE.fullmatch(labels[-1]):
        raise _refused(_("Donnez un nom de domaine, pas une adresse IP."))
    if labels[-1] in LOCAL_NAMES:
        raise _refused(_("Ce nom n’existe que dans un réseau local : donnez un nom public."))


def resolve(target: Target) -> list[str]:
    """The IP addresses of the target, all of them public. Raises Refusal when one is not, or there is none."""
    if target.is_loopback and settings.WEBHOOKS_ALLOW_LOOPBACK:
        return ["127.0.0.1"]
    if target.host.endswith(NOBODY):
        raise _refused(_("Ce nom de domaine est introuvable."))
    try:
        found = socket.getaddrinfo(
            target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except (OSError, UnicodeError):
        raise _refused(_("Ce nom de domaine est introuvable.")) from None
    addresses = list(dict.fromkeys(row[4][0] for row in found))
    if not addresses or not all(is_public(address) for address in addresses):
        raise _refused(_("Ce nom mène à une adresse d’un réseau privé."))
    return addresses


def is_public(address: str) -> bool:
    """Whether this IP address is one of the Internet, and not one of ours, of a neighbour or of a tunnel."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "%" in address or any(ip in network for network in _never_too() if network.version == ip.version):
        return False
    if ip.version == 6 and ip not in _PUBLIC_IPV6:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _never_too() -> list:
    own = [ipaddress.ip_network(network) for network in settings.WEBHOOKS_BLOCKED_NETWORKS]
    return [*_NEVER, *own]


def _refused(words: str) -> Refusal:
    return Refusal(words, field="url")
