#!/usr/bin/env python3
"""Vérifie les preuves du journal de Jalon sans Jalon : un fichier, Python et la bibliothèque « cryptography ».

    python jalon_verify.py receipt RECU.json --key CLE [--authority AC.pem]
    python jalon_verify.py journal JOURNAL.jsonl [--checkpoint POINT.txt --key CLE] [--head RANG:EMPREINTE]
    python jalon_verify.py deposit ACCUSE.json --key CLE [--authority AC.pem] [--pieces DOSSIER]
    python jalon_verify.py growth ANCIEN.txt NOUVEAU.txt --proof PREUVE.json --key CLE

CLE est la clé publique « nom+empreinte+base64 » que la plateforme publie : notez-la ailleurs, une fois pour toutes.
AC.pem est l'autorité de certification de l'horodatage, obtenue d'elle. Sortie : 0 si tout tient, 1 sinon.

Formats. Ligne du journal : feuille SHA-256(0x00 ‖ ligne), nœud SHA-256(0x01 ‖ gauche ‖ droite) (RFC 9162) ; chaîne
SHA-256(chaîne précédente ‖ feuille), partie de 32 octets nuls. Point de contrôle : C2SP tlog-checkpoint, note signée
en Ed25519. Horodatage : jeton RFC 3161 sur le texte entier du point de contrôle.

Rien n'est dit qui ne soit vérifié : un champ inconnu, un format inconnu, une copie qui diffère sont refusés ; sans
--authority, rien n'est dit de l'horodatage, que n'importe qui peut avoir fabriqué.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

START = bytes(32)
EMPTY_ROOT = hashlib.sha256(b"").digest()
RECEIPT_FORMAT = "jalon-receipt-1"
DEPOSIT_FORMAT = "jalon-deposit-1"


class Broken(Exception):
    """A proof that does not hold; the message says why."""


# What is read, strictly: the same thing is written in one way only


def _fields(value, what: str, **kinds: type) -> list:
    """The fields of `value` in this order, when it has these, of these kinds, and no other. Raises Broken."""
    if not isinstance(value, dict):
        raise Broken(f"ce n'est pas {what}")
    for name in {**value, **kinds}:
        if name not in kinds:
            raise Broken(f"ce n'est pas {what} : « {name} » est de trop, et rien ne le prouve")
        if type(value.get(name)) is not kinds[name]:
            raise Broken(f"ce n'est pas {what} : « {name} » manque ou n'a pas la bonne forme")
    return [value[name] for name in kinds]


def _known_format(told: str, known: str) -> None:
    if told != known:
        raise Broken(f"format « {told} » inconnu de ce vérificateur, qui lit « {known} »")


def _base64(text: str) -> bytes:
    """Raises ValueError for anything but the one way of writing these bytes."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise ValueError("base64")
    return found


def _hash(text) -> bytes:
    """32 bytes in lower-case hexadecimal. Raises Broken."""
    if not isinstance(text, str) or len(text) != 64 or text.strip("0123456789abcdef"):
        raise Broken("une empreinte de la preuve n'a pas la bonne forme")
    return bytes.fromhex(text)


# The tree of RFC 9162


def leaf_hash(line: bytes) -> bytes:
    """The leaf of a line."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows by leaves and remembers only its complete summits: `peaks`, (level, hash) from the left."""

    def __init__(self, size: int = 0, peaks: Iterable[tuple[int, bytes]] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf; the nodes that it completes, as (level, index, hash), level 1 first."""
        done, level, place, found = [], 0, self.size, leaf
        while place & 1:
            found = node_hash(self.peaks.pop()[1], found)
            level, place = level + 1, place >> 1
            done.append((level, place, found))
        self.peaks.append((level, found))
        self.size += 1
        return done

    def root(self) -> bytes:
        """The hash of the whole tree."""
        return fold(found for _level, found in self.peaks) if self.peaks else EMPTY_ROOT


def fold(hashes: Iterable[bytes]) -> bytes:
    """The hash above complete summits given from the left."""
    *others, found = hashes
    for left in reversed(others):
        found = node_hash(left, found)
    return found


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that `proof` leads to from a leaf (RFC 9162, 2.1.3.2). Raises Broken when its length is wrong."""
    if not 0 <= index < size:
        raise Broken(f"la ligne {index} n'est pas dans un journal de {size} lignes")
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise Broken("la preuve d'inclusion est trop longue")
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise Broken("la preuve d'inclusion est trop courte")
    return found


def check_consistency(first: int, second: int, roots: tuple[bytes, bytes], proof: list[bytes]) -> None:
    """That the tree of size `second` only grew from that of size `first` (RFC 9162, 2.1.4.2). Raises Broken."""
    if not 0 < first <= second:
        raise Broken(f"un journal de {second} lignes ne prolonge pas un journal de {first} lignes")
    if first == second:
        if roots[0] != roots[1] or proof:
            raise Broken("deux racines différentes pour la même taille : le journal a deux visages")
        return
    steps = list(proof) if first & (first - 1) else [roots[0], *proof]
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not steps:
        raise Broken("la preuve de croissance est trop courte")
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Broken("la preuve de croissance est trop longue")
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    if (old, new, last) != (*roots, 0):
        raise Broken(
            "le nouveau journal ne prolonge pas l'ancien : il a été coupé, réécrit, ou il a deux visages"
        )


# Signed checkpoints (C2SP tlog-checkpoint, signed-note)


@dataclass(frozen=True)
class Key:
    """A public key as it is published: `name+hash+base64(0x01 ‖ Ed25519)`."""

    name: str
    key_hash: bytes
    public: bytes

    @classmethod
    def read(cls, text: str) -> "Key":
        """Parse a published key. Raises Broken."""
        try:
            name, shown, encoded = text.strip().split("+", 2)
            material = _base64(encoded)
        except ValueError as error:
            raise Broken("la clé publique n'a pas la forme « nom+empreinte+base64 »") from error
        key = cls.of(name, material[1:])
        if material[:1] != b"\x01" or len(material) != 33 or key.key_hash.hex() != shown:
            raise Broken("la clé publique ne correspond pas à son empreinte")
        return key

    @classmethod
    def of(cls, name: str, public: bytes) -> "Key":
        """The key called `name` with 32 bytes of Ed25519."""
        return cls(name, hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4], public)

    def __str__(self) -> str:
        material = base64.b64encode(b"\x01" + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{material}"

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made `signature` on `message`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Checkpoint:
    """What a signed note says: the journal called `origin` has `size` lines and this root."""

    origin: str
    size: int
    root: bytes
    note: str

    @classmethod
    def read(cls, note: str, keys: Iterable[Key]) -> "Checkpoint":
        """Parse a note and check that one of `keys` signed it. Raises Broken."""
        text, separator, signatures = note.rpartition("\n\n")
        text += "\n"
        try:
            origin, size, root = text.split("\n")[:3]
            checkpoint = cls(origin, int(size), _base64(root), note)
        except ValueError as error:
            raise Broken("ce n'est pas un point de contrôle") from error
        if not separator or len(checkpoint.root) != 32 or str(checkpoint.size) != size:
            raise Broken("ce n'est pas un point de contrôle")
        known = [key for key in keys if key.name == origin]
        lines = [line.split(" ") for line in signatures.splitlines()]
        if any(parts[0] != "—" for parts in lines):
            raise Broken("ce n'est pas un point de contrôle : sous la signature, des mots que rien ne prouve")
        if not any(_is_signed(text.encode(), parts, known) for parts in lines):
            raise Broken("aucune des clés données n'a signé ce point de contrôle")
        return checkpoint


def _is_signed(text: bytes, parts: list[str], keys: list[Key]) -> bool:
    try:
        _dash, name, encoded = parts
        blob = _base64(encoded)
    except ValueError:
        return False
    return any(key.name == name and key.key_hash == blob[:4] and key.signed(blob[4:], text) for key in keys)


# Time stamps (RFC 3161 in CMS), read by hand: only what a token holds

OIDS = {
    bytes.fromhex("2a864886f70d010702"): "signed data",
    bytes.fromhex("2a864886f70d0109100104"): "time stamp",
    bytes.fromhex("2a864886f70d010903"): "content type",
    bytes.fromhex("2a864886f70d010904"): "digest",
    bytes.fromhex("2a864886f70d010910020c"): "certificate, sha1",
    bytes.fromhex("2a864886f70d010910022f"): "certificate",
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
    bytes.fromhex("2b06010505070103"): "statements",
    bytes.fromhex("040081975e0101"): "qualified time stamp",
}
SEQUENCE, SET, OBJECT, OCTETS, INTEGER = 0x30, 0x31, 0x06, 0x04, 0x02


@dataclass(frozen=True)
class Item:
    """One element of DER: its tag, its content, its whole bytes."""

    tag: int
    content: bytes
    whole: bytes

    @classmethod
    def all(cls, data: bytes) -> list["Item"]:
        """The elements that follow each other in `data`. Raises Broken."""
        found, at = [], 0
        while at < len(data):
            start, tag, length = at, data[at], data[at + 1] if at + 1 < len(data) else 0x80
            at += 2
            if length & 0x80:
                count = length & 0x7F
                length, at = int.from_bytes(data[at : at + count], "big"), at + count
                if not 0 < count < 5:
                    raise Broken("jeton d'horodatage illisible")
            if at + length > len(data):
                raise Broken("jeton d'horodatage coupé")
            found.append(cls(tag, data[at : at + length], data[start : at + length]))
            at += length
        return found

    def parts(self) -> list["Item"]:
        """The elements inside."""
        return Item.all(self.content)

    def oid(self) -> str:
        """What we call this object identifier; empty for one we do not know."""
        return OIDS.get(self.content, "") if self.tag == OBJECT else ""


@dataclass(frozen=True)
class Stamp:
    """A time-stamp token taken apart."""

    digest_name: str
    digest: bytes
    stamped_at: datetime
    info: bytes
    certificates: list[bytes]
    signer: list[Item]
    claims_qualified: bool

    @classmethod
    def read(cls, token: bytes) -> "Stamp":
        """Parse a token (the CMS, without the response around it). Raises Broken."""
        try:
            (whole,) = Item.all(token)
            kind, explicit = whole.parts()
            _version, _digests, content, *rest = explicit.parts()[0].parts()
            content_kind, wrapped = content.parts()
            info = wrapped.parts()[0].content
            _version, _policy, imprint, _serial, instant, *more = Item.all(info)[0].parts()
            algorithm, digest = imprint.parts()
            certificates = [item.whole for found in rest if found.tag == 0xA0 for item in found.parts()]
            (signer,) = rest[-1].parts()
            stamped_at = _instant(instant.content.decode("ascii"))
            claims_qualified = any(_claims_qualified(item) for item in more if item.tag == 0xA1)
        except (ValueError, IndexError) as error:
            raise Broken("jeton d'horodatage illisible") from error
        tags = (whole.tag, explicit.tag, wrapped.tag)
        if (kind.oid(), content_kind.oid()) != ("signed data", "time stamp") or tags != (
            SEQUENCE,
            0xA0,
            0xA0,
        ):
            raise Broken("ce n'est pas un jeton d'horodatage")
        name = algorithm.parts()[0].oid()
        return cls(name, digest.content, stamped_at, info, certificates, signer.parts(), claims_qualified)


def _claims_qualified(extensions: Item) -> bool:
    """ETSI EN 319 422, 9.1: the token itself states that it is qualified (esi4-qtstStatement-1)."""
    for extension in extensions.parts():
        kind, *_critical, value = extension.parts()
        if kind.oid() == "statements":
            statements = Item.all(value.content)[0].parts()
            return any(statement.parts()[0].oid() == "qualified time stamp" for statement in statements)
    return False


def _instant(text: str) -> datetime:
    """`20261121230000.25Z` as an instant."""
    seconds, _dot, fraction = text.removesuffix("Z").partition(".")
    found = datetime.strptime(seconds, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return found.replace(microsecond=int(fraction.ljust(6, "0")[:6] or 0))


def check_stamp(token: bytes, message: bytes, authorities: bytes = b"") -> tuple[datetime, str]:
    """When, and by whom, `message` was stamped; `authorities` are the PEM certificates one trusts. Raises Broken.

    Without `authorities`, the signature is checked against the certificate inside the token only.
    """
    try:
        return _checked(Stamp.read(token), message, authorities)
    except Broken:
        raise
    except Exception as error:  # a forged certificate makes the library raise what it likes
        raise Broken(f"jeton d'horodatage illisible ({type(error).__name__})") from error


def _checked(stamp: Stamp, message: bytes, authorities: bytes) -> tuple[datetime, str]:
    from cryptography import x509

    if stamp.digest_name not in {"sha256", "sha384", "sha512"}:
        raise Broken("l'horodatage emploie une empreinte que ce vérificateur ne connaît pas")
    if hashlib.new(stamp.digest_name, message).digest() != stamp.digest:
        raise Broken("l'horodatage porte sur un autre texte")
    embedded = [x509.load_der_x509_certificate(found) for found in stamp.certificates]
    signer = _signer(stamp, embedded)
    _check_signature(stamp, signer)
    _check_purpose(signer)
    if authorities:
        trusted = x509.load_pem_x509_certificates(authorities)
        _check_path(signer, embedded, trusted, stamp.stamped_at)
    return stamp.stamped_at, signer.subject.rfc4514_string()


def _signer(stamp: Stamp, certificates: list):
    """The certificate that the signer designates by its issuer and number."""
    name, serial = stamp.signer[1].parts() if stamp.signer[1].tag == SEQUENCE else (None, None)
    for certificate in certificates:
        if (
            name
            and certificate.issuer.public_bytes() == name.whole
            and certificate.serial_number == int.from_bytes(serial.content, "big", signed=True)
        ):
            return certificate
    raise Broken("le certificat qui a signé l'horodatage n'est pas dans le jeton")


def _check_signature(stamp: Stamp, certificate) -> None:
    """The signed attributes name this content and this certificate, and the certificate's key signed them."""
    from cryptography.hazmat.primitives.serialization import Encoding

    _version, _sid, algorithm, attributes, _signature_algorithm, signature, *_rest = stamp.signer
    digest_name = algorithm.parts()[0].oid()
    values = {kind.oid(): value for kind, value in (item.parts() for item in attributes.parts())}
    if digest_name not in {"sha256", "sha384", "sha512"} or attributes.tag != 0xA0 or "digest" not in values:
        raise Broken("l'horodatage emploie une signature que ce vérificateur ne connaît pas")
    if values["digest"].parts()[0].content != hashlib.new(digest_name, stamp.info).digest():
        raise Broken("le contenu de l'horodatage a été changé")
    der = certificate.public_bytes(Encoding.DER)
    named = values.get("certificate") or values.get("certificate, sha1")
    # ESSCertID holds SHA-1 in its first version and, unless it says otherwise, SHA-256 in the second.
    prints = [hashlib.new(name, der).digest() for name in ("sha1", "sha256", "sha384", "sha512")]
    if named is None or not any(found in named.content for found in prints):
        raise Broken("l'horodatage ne désigne pas le certificat qui l'a signé")
    _check_key(certificate.public_key(), digest_name, signature.content, bytes([SET]) + attributes.whole[1:])


def _check_key(key, digest_name: str, signature: bytes, message: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    digest = getattr(hashes, digest_name.upper())()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(digest))
        else:
            raise Broken("l'horodatage emploie une signature que ce vérificateur ne connaît pas")
    except InvalidSignature as error:
        raise Broken("la signature de l'horodatage est fausse") from error


def _check_purpose(certificate) -> None:
    """RFC 3161, 2.3: the certificate serves to stamp time and nothing else, and says so critically."""
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise Broken("le certificat de l'horodatage n'est pas fait pour horodater") from error
    if not usage.critical or list(usage.value) != [x509.ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Broken("le certificat de l'horodatage n'est pas fait pour horodater")


def _check_path(certificate, embedded: list, trusted: list, at: datetime) -> None:
    """A chain from `certificate` to one of `trusted`, each valid at the instant of the token."""
    for _step in range(6):
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise Broken("un certificat de l'horodatage n'était pas valide à cet instant")
        if certificate in trusted:
            return
        above = [
            found for found in [*trusted, *embedded] if found != certificate and _issued(found, certificate)
        ]
        if not above:
            break
        certificate = above[0]
    raise Broken("l'horodatage ne vient pas de l'autorité donnée")


def _issued(issuer, certificate) -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False


# What is checked


def findings(
    export: Iterable[str],
    head: tuple[int, str] | None = None,
    checkpoints: Iterable[tuple[int, bytes]] = (),
    tree: Tree | None = None,
) -> Iterator[str]:
    """Each thing that is wrong in a whole `export`, in words; nothing when it holds.

    `head` is a place and a chain hash noted earlier, `checkpoints` sizes and roots signed earlier: without either,
    nobody can tell a journal that was cut or rewritten to its end. `tree` receives the leaves.
    """
    tree, chain, met = tree or Tree(), START, head is None
    expected: dict[int, set[bytes]] = {}
    for size, root in checkpoints:
        expected.setdefault(size, set()).add(root)
    for index, text in enumerate(export):
        try:
            line, leaf_shown, chain_shown = _fields(
                json.loads(text), "une ligne du journal", line=str, leaf_hash=str, chain_hash=str
            )
            place = json.loads(line)["index"]
        except (Broken, ValueError, KeyError, TypeError):
            yield f"rang {index} : ce n'est pas une ligne du journal"
            return
        leaf = leaf_hash(line.encode())
        chain = hashlib.sha256(chain + leaf).digest()
        tree.append(leaf)
        if place != index:
            yield f"rang {index} : la ligne {place} est là où devrait être la ligne {index}"
        if leaf.hex() != leaf_shown:
            yield f"rang {index} : la ligne n'est pas celle qui a reçu cette empreinte"
        if chain.hex() != chain_shown:
            yield f"rang {index} : la ligne ne suit pas la précédente"
            return
        if head and index == head[0]:
            met = chain.hex() == head[1]
        if tree.size in expected and expected.pop(tree.size) != {tree.root()}:
            yield f"le point de contrôle de {tree.size} lignes a une autre racine : le journal a été réécrit"
    if not met:
        yield "la tête notée ailleurs n'est pas dans ce journal : il a été coupé ou réécrit"
    for size in sorted(expected):
        yield f"le point de contrôle de {size} lignes n'est pas dans ce journal : il a été coupé"


def check_receipt(receipt: dict, keys: list[Key], authorities: bytes = b"") -> list[str]:
    """What a receipt proves, in words. Raises Broken when one of its proofs does not hold, or for what none proves."""
    known, note, signer, entries, stamps = _fields(
        receipt,
        "un reçu de Jalon",
        format=str,
        checkpoint=str,
        verifier_key=str,
        entries=list,
        timestamps=list,
    )
    _known_format(known, RECEIPT_FORMAT)
    named = [key for key in keys if str(key) == signer]
    if not named:
        raise Broken("le reçu nomme une autre clé que celle que vous avez donnée")
    checkpoint = Checkpoint.read(note, named)
    said = [f"point de contrôle de {checkpoint.origin} : {checkpoint.size} lignes, signature juste"]
    said += [_check_entry(entry, checkpoint) for entry in entries]
    return said + [_check_told_stamp(stamp, note, authorities) for stamp in stamps]


def _check_entry(entry: dict, checkpoint: Checkpoint) -> str:
    line, index, leaf, inclusion = _fields(
        entry, "un reçu de Jalon", line=str, index=int, leaf_hash=str, inclusion=list
    )
    found = leaf_hash(line.encode())
    if (
        root_of_inclusion(found, index, checkpoint.size, [_hash(step) for step in inclusion])
        != checkpoint.root
    ):
        raise Broken(f"la ligne {index} n'est pas dans le journal signé")
    if found.hex() != leaf:
        raise Broken(f"l'empreinte donnée à côté de la ligne {index} n'est pas la sienne")
    if json.loads(line).get("index") != index:
        raise Broken(f"la ligne {index} se dit à un autre rang")
    return f"ligne {index} : inscrite au journal"


def _check_told_stamp(told: dict, note: str, authorities: bytes) -> str:
    """What a time stamp proves. Without an authority that one trusts, anybody may have made it: nothing is repeated."""
    name, instant, encoded = _fields(told, "un reçu de Jalon", authority=str, stamped_at=str, token=str)
    try:
        token, said_at = _base64(encoded), datetime.fromisoformat(instant)
    except ValueError as error:
        raise Broken("jeton d'horodatage illisible") from error
    stamped_at, found = check_stamp(token, note.encode(), authorities)
    if (name, said_at) != (found, stamped_at):
        raise Broken("ce qui est écrit à côté de l'horodatage n'est pas ce que dit son jeton")
    if not authorities:
        return "un horodatage est joint : donnez --authority pour vérifier qui l'a fait, et quand"
    claim = (
        "le jeton se dit qualifié, ce que confirme ou non la liste de confiance européenne"
        if Stamp.read(token).claims_qualified
        else "rien dans le jeton ne le dit qualifié"
    )
    return f"horodaté le {stamped_at:%Y-%m-%d %H:%M:%S} UTC par {found} (autorité vérifiée ; {claim})"


def check_journal(lines: Iterable[str], checkpoints: list[Checkpoint], head: str = "") -> list[str]:
    """That a whole export holds, up to the signed checkpoints and the head given. Raises Broken with every finding."""
    index, separator, known = head.partition(":")
    if head and not (separator and index.isdecimal() and known):
        raise Broken("--head s'écrit RANG:EMPREINTE")
    tree = Tree()
    roots = [(checkpoint.size, checkpoint.root) for checkpoint in checkpoints]
    wrong = list(findings(lines, (int(index), known) if known else None, roots, tree))
    if wrong:
        raise Broken("\n".join(wrong))
    said = [f"{tree.size} lignes, racine {tree.root().hex()}"]
    if not checkpoints and not head:
        said.append("sans --checkpoint ni --head, un journal coupé ou réécrit jusqu'à sa fin ne se voit pas")
    return said


def check_growth(old: Checkpoint, new: Checkpoint, proof: dict) -> list[str]:
    """That the journal of `new` continues that of `old`. Raises Broken."""
    first, second, steps = _fields(proof, "une preuve de croissance", first=int, second=int, consistency=list)
    if (first, second) != (old.size, new.size):
        raise Broken(f"cette preuve va de {first} à {second} lignes, ces points de contrôle non")
    if old.origin != new.origin:
        raise Broken("ces points de contrôle sont ceux de deux journaux")
    check_consistency(old.size, new.size, (old.root, new.root), [_hash(step) for step in steps])
    return [f"de {old.size} à {new.size} lignes, le journal n'a fait que grandir"]


def canonical(facts) -> bytes:
    """The bytes of facts: JSON with sorted keys and no spaces."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _listed(manifest: str) -> tuple:
    """The bid and the parts that a manifest tells. Raises Broken."""
    try:
        told = json.loads(manifest)
        return told["bid"], [(part["id"], part["sha256"]) for part in told["parts"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Broken("ce n'est pas un manifeste") from error


def check_deposit(
    told: dict, keys: list[Key], authorities: bytes = b"", pieces: Path | None = None
) -> list[str]:
    """That an acknowledgement of receipt is the one that the journal holds, piece by piece. Raises Broken."""
    known, statement, after, manifest, journal = _fields(
        told, "un accusé de réception", format=str, statement=dict, after=dict, manifest=str, journal=dict
    )
    _known_format(known, DEPOSIT_FORMAT)
    said = check_receipt(journal, keys, authorities)
    try:
        (entry,) = journal["entries"]
        body = json.loads(entry["line"])["body"]
        parts = [(part["id"], part["sealed_sha256"]) for part in statement["parts"]]
        held = (body["after_digest"], after["receipt"], after["manifest"], body["object_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise Broken("ce n'est pas un accusé de réception") from error
    if hashlib.sha256(canonical(after)).hexdigest() != held[0]:
        raise Broken("le journal a retenu un autre dépôt")
    if hashlib.sha256(canonical(statement)).hexdigest() != held[1]:
        raise Broken("l'accusé n'est pas celui que le journal a retenu")
    if hashlib.sha256(manifest.encode()).hexdigest() != held[2]:
        raise Broken("le manifeste n'est pas celui que le journal a retenu")
    if (statement.get("bid"), *_listed(manifest)) != (held[3], held[3], parts):
        raise Broken("les pièces ne sont pas celles de l'envoi")
    said.append(f"{len(parts)} pièces scellées, reçues le {statement['received_at']}")
    return said + _check_pieces(parts, pieces)


def _check_pieces(parts: list[tuple[str, str]], pieces: Path | None) -> list[str]:
    """The sealed pieces that one downloaded, each a file called by its identifier. Raises Broken."""
    if pieces is None:
        return []
    if not pieces.is_dir():
        raise Broken(f"{pieces} n'est pas un dossier")
    for part, digest in parts:
        if not (pieces / part).is_file():
            raise Broken(f"la pièce {part} n'est pas dans le dossier {pieces}")
        if hashlib.sha256(_bytes(pieces / part)).hexdigest() != digest:
            raise Broken(f"la pièce {part} n'est pas celle qui a été reçue")
    said = [f"les {len(parts)} pièces du dossier {pieces} sont celles qui ont été reçues"]
    others = sorted({found.name for found in pieces.iterdir()} - {part for part, _digest in parts})
    if others:
        said.append(f"dans ce dossier, l'accusé ne connaît pas et rien ne prouve : {', '.join(others)}")
    return said


# The command


def _bytes(path: str | Path) -> bytes:
    """Raises Broken."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise Broken(
            f"{path} : {'ce fichier n’existe pas' if missing else 'ce fichier ne se lit pas'}"
        ) from error


def _text(path: str) -> str:
    """Raises Broken."""
    try:
        return _bytes(path).decode()
    except UnicodeDecodeError as error:
        raise Broken(f"{path} : ce n'est pas un texte en UTF-8") from error


def _json(path: str):
    """Raises Broken, for a field written twice too: a reader would see one, this program the other."""

    def once(pairs: list) -> dict:
        if len(dict(pairs)) < len(pairs):
            raise Broken(f"{path} : un champ y est écrit deux fois")
        return dict(pairs)

    try:
        return json.loads(_text(path), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise Broken(f"{path} : ce n'est pas du JSON") from error


def _authorities(options) -> bytes:
    """Raises Broken."""
    from cryptography import x509

    if not options.authority:
        return b""
    found = _bytes(options.authority)
    try:
        x509.load_pem_x509_certificates(found)
    except ValueError as error:
        raise Broken(f"{options.authority} : ce ne sont pas des certificats (PEM)") from error
    return found


def _deposit(options) -> list[str]:
    pieces = Path(options.pieces) if options.pieces else None
    return check_deposit(_json(options.file), _keys(options), _authorities(options), pieces)


def _receipt(options) -> list[str]:
    return check_receipt(_json(options.file), _keys(options), _authorities(options))


def _journal(options) -> list[str]:
    keys = _keys(options)
    checkpoints = [Checkpoint.read(_text(path), keys) for path in options.checkpoint]
    try:
        with Path(options.file).open(encoding="utf-8") as lines:
            return check_journal(lines, checkpoints, options.head)
    except (OSError, UnicodeDecodeError) as error:
        raise Broken(f"{options.file} : ce fichier ne se lit pas") from error


def _growth(options) -> list[str]:
    old, new = (Checkpoint.read(_text(path), _keys(options)) for path in (options.old, options.new))
    same = {"first": old.size, "second": new.size, "consistency": []}
    return check_growth(old, new, _json(options.proof) if options.proof else same)


def _keys(options) -> list[Key]:
    return [Key.read(text) for text in options.key]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Vérifie les preuves du journal de Jalon, sans Jalon.")
    commands = parser.add_subparsers(required=True, metavar="receipt|deposit|journal|growth")

    def command(name: str, run: Callable, words: str, *files: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        for file in files:
            added.add_argument(file)
        added.add_argument(
            "--key", action="append", default=[], required=name != "journal", help="clé publique"
        )
        added.set_defaults(run=run)
        return added

    receipt = command("receipt", _receipt, "un reçu ou un extrait", "file")
    receipt.add_argument("--authority", help="certificats (PEM) de l'autorité d'horodatage")
    deposit = command("deposit", _deposit, "un accusé de réception d'un pli", "file")
    deposit.add_argument("--authority", help="certificats (PEM) de l'autorité d'horodatage")
    deposit.add_argument("--pieces", help="dossier des pièces scellées téléchargées")
    journal = command("journal", _journal, "un export complet du journal", "file")
    journal.add_argument("--checkpoint", action="append", default=[], help="point de contrôle à retrouver")
    journal.add_argument("--head", default="", help="RANG:EMPREINTE de la chaîne, notés ailleurs")
    growth = command("growth", _growth, "la croissance entre deux points de contrôle", "old", "new")
    growth.add_argument("--proof", help="preuve de croissance ; inutile entre deux tailles égales")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Print what holds and return 0, or what does not and return 1."""
    options = _parser().parse_args(arguments)
    try:
        said = options.run(options)
    except Broken as error:
        sys.stderr.write(f"FAUX : {error}\n")
        return 1
    sys.stdout.write("\n".join(["TOUT TIENT", *said]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
