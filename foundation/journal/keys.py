"""The key that signs the checkpoints, read from the settings; drawn once for development and named so."""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from foundation.journal.verifier import Key


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name it signs under."""

    private: Ed25519PrivateKey
    public: Key
    is_development: bool

    def sign(self, text: str) -> str:
        """The signed note of `text`, which ends in a new line (C2SP signed-note)."""
        blob = base64.b64encode(self.public.key_hash + self.private.sign(text.encode())).decode()
        return f"{text}\n— {self.public.name} {blob}\n"


def signing_key() -> SigningKey | None:
    """The key of this installation, or None when it has none. Raises ImproperlyConfigured for one that is not a key."""
    if settings.JOURNAL_SIGNING_KEY:
        return _key(settings.JOURNAL_SIGNING_KEY, origin())
    if settings.JOURNAL_SIGNING_KEY_FILE:
        return _key(Path(settings.JOURNAL_SIGNING_KEY_FILE).read_text("ascii"), origin())
    if settings.JOURNAL_DEVELOPMENT:
        return _key(_drawn_once(), f"{origin()}/developpement", is_development=True)
    return None


def origin() -> str:
    """The name of this journal in its checkpoints."""
    return settings.JOURNAL_ORIGIN or f"{urlsplit(settings.PUBLIC_URL).netloc}/journal"


def new_seed() -> str:
    """A new private key, as the settings want it."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _key(seed: str, name: str, *, is_development: bool = False) -> SigningKey:
    try:
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed.strip(), validate=True))
    except (ValueError, binascii.Error) as error:
        raise ImproperlyConfigured(
            "JOURNAL_SIGNING_KEY : 32 octets en base64, tels que les tire `manage.py journal_key`."
        ) from error
    return SigningKey(private, Key.of(name, private.public_key().public_bytes_raw()), is_development)


def _drawn_once() -> str:
    """The development seed, in a file only its owner reads; two processes that start together agree on one."""
    path = settings.JOURNAL_DEVELOPMENT_DIR / "signing-key"
    keep_once(path, new_seed().encode())
    return path.read_text("ascii")


def keep_once(path: Path, content: bytes) -> None:
    """Write `content` at `path`, whole or not at all, unless something is there already."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
