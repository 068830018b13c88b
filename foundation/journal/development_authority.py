"""A time-stamp authority for development, on this machine: NOT a qualified time stamp, and its name says so."""

from datetime import UTC, datetime
from functools import cache

from asn1crypto import keys, tsp, x509
from cryptography import x509 as certificate
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from pyhanko.sign.timestamps import DummyTimeStamper

from foundation.journal.keys import keep_once

NAME = "Horodatage de développement, non qualifié"
VALID_FROM, VALID_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)


def answer(request: bytes) -> bytes:
    """What an authority answers to a request of RFC 3161, both in DER."""
    return _stamper(_files()).request_tsa_response(tsp.TimeStampReq.load(request)).dump()


def certificates() -> bytes:
    """The root that its tokens lead to, PEM."""
    return certificate.load_pem_x509_certificates(_files())[0].public_bytes(Encoding.PEM)


def _files() -> bytes:
    """Root, leaf and the leaf's key, PEM, drawn once."""
    path = settings.JOURNAL_DEVELOPMENT_DIR / "timestamps.pem"
    if not path.exists():
        keep_once(path, _draw())
    return path.read_bytes()


@cache
def _stamper(pem: bytes) -> DummyTimeStamper:
    _root, leaf = certificate.load_pem_x509_certificates(pem)
    key = load_pem_private_key(pem[pem.index(b"-----BEGIN PRIVATE") :], None)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        x509.Certificate.load(leaf.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private)
    )


def _draw() -> bytes:
    """The authority: a root that signs a leaf, made for time stamps only, and forgets its own key."""
    root_key, leaf_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root_name = _name(f"{NAME} (racine)")
    root = _certificate(root_name, root_name, root_key.public_key())
    root = root.add_extension(certificate.BasicConstraints(ca=True, path_length=0), critical=True)
    leaf = _certificate(_name(NAME), root_name, leaf_key.public_key())
    leaf = leaf.add_extension(
        certificate.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
    ).add_extension(certificate.BasicConstraints(ca=False, path_length=None), critical=True)
    signed = [builder.sign(root_key, hashes.SHA256()).public_bytes(Encoding.PEM) for builder in (root, leaf)]
    return b"".join([*signed, leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())])


def _name(words: str) -> certificate.Name:
    return certificate.Name([certificate.NameAttribute(NameOID.COMMON_NAME, words)])


def _certificate(subject, issuer, key) -> certificate.CertificateBuilder:
    return (
        certificate.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(certificate.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
    )
