"""Secrets of endpoints: made once, shown once, kept encrypted under the secret of the installation."""

import base64
import secrets

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64


def new_secret() -> str:
    """A secret as receivers expect it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def encrypt(secret: str) -> str:
    """What may be kept in the database."""
    return _cipher().encrypt(secret.encode()).decode()


def decrypt(ciphertext: str) -> str:
    """The secret itself. Raises InvalidToken when the installation has lost the secret it was kept under."""
    return _cipher().decrypt(ciphertext.encode()).decode()


def _cipher() -> MultiFernet:
    """SECRET_KEY encrypts; SECRET_KEY_FALLBACKS still read what older ones wrote."""
    return MultiFernet(
        [Fernet(_derive(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _derive(key: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"jalon webhooks secrets")
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
