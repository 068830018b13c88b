"""What we ask django-allauth to do differently."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.utils.translation import gettext as _

logger = logging.getLogger("jalon.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail; the only open registration is a firm's."""

    def format_email_subject(self, subject):
        """« [Jalon] … », whatever the host name."""
        return f"[Jalon] {subject}"

    def send_mail(self, template_prefix, email, context_data):
        """A mail server that is away is said to the person, who can ask again; it is not an error page."""
        try:
            super().send_mail(template_prefix, email, context_data)
        except (SMTPException, OSError) as error:
            logger.warning(
                "accounts.mail_not_sent template=%s error=%s", template_prefix, type(error).__name__
            )
            if context.request is not None:
                messages.error(
                    context.request,
                    _("Le message n’a pas pu partir : réessayez dans quelques minutes."),
                )
