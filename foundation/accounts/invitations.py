"""The message that lets an invited person choose a password."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str


def send_invitation(user, organisation, by):
    """Send `user` the link to choose a password; it works once, for three days."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    adapter = get_adapter()
    adapter.send_mail(
        "account/email/invitation",
        user.email,
        {
            "user": user,
            "organisation": organisation,
            "invited_by": by,
            "password_reset_url": adapter.get_reset_password_from_key_url(key),
        },
    )
