"""Secrets of endpoints: made once, shown once, kept encrypted under the secret of the installation."""

import base64
import secrets

from foundation import ciphers

SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
PURPOSE = "webhooks secrets"


def new_secret() -> str:
    """A secret as receivers expect it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def encrypt(secret: str) -> str:
    """What may be kept in the database."""
    return ciphers.encrypt(secret, purpose=PURPOSE)


def decrypt(ciphertext: str) -> str:
    """The secret itself. Raises InvalidToken when the installation has lost the secret it was kept under."""
    return ciphers.decrypt(ciphertext, purpose=PURPOSE)
