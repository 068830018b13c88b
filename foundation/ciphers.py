"""Short texts kept encrypted under the secret of the installation, each purpose with its own key."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str, *, purpose: str) -> str:
    """What may be kept in the database."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def decrypt(ciphertext: str, *, purpose: str) -> str:
    """The text itself. Raises InvalidToken when the installation has lost the secret it was kept under."""
    return _cipher(purpose).decrypt(ciphertext.encode()).decode()


def _cipher(purpose: str) -> MultiFernet:
    """SECRET_KEY encrypts; SECRET_KEY_FALLBACKS still read what older ones wrote."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive(key, purpose)) for key in keys])


def _derive(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"jalon {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
