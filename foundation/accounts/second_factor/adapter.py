"""What we ask of allauth's second factor: secrets encrypted at rest, our rule on removal, French words."""

import base64
import io
from functools import lru_cache

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from foundation.accounts import second_factor


@lru_cache(maxsize=8)
def _cipher(*secrets: str) -> MultiFernet:
    """AES-128-CBC with HMAC (Fernet) under a key derived from each secret; the first one encrypts."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(secret))) for secret in secrets])


def _derive(secret: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jalon.accounts.second_factor")
    return derivation.derive(secret.encode())


def cipher() -> MultiFernet:
    """The cipher of this installation; SECRET_KEY_FALLBACKS still read what older secrets wrote."""
    return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Named by MFA_ADAPTER."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Votre rôle demande un second facteur : il ne peut pas être retiré."
        ),
        "cannot_generate_recovery_codes": _("Activez d’abord votre application de codes."),
        "incorrect_code": _(
            "Ce code ne convient pas : attendez le suivant dans l’application, puis recopiez-le."
        ),
        "unverified_email": _("Confirmez d’abord l’adresse électronique de votre compte."),
    }

    def encrypt(self, text: str) -> str:
        """What the database keeps of a secret."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises InvalidToken when SECRET_KEY was changed without keeping the old one."""
        return cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """On white, so that the picture is read on a dark screen too."""
        picture = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def can_delete_authenticator(self, authenticator) -> bool:
        """Refused while a role of its owner demands it."""
        return not second_factor.is_required(authenticator.user)
