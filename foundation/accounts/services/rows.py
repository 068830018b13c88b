"""What these services share: a row that is already there, a field that is wrong, an act that is not allowed."""

from django.db import IntegrityError, transaction

from foundation.errors import Reason, Refusal


def insert(row, field, taken):
    """Write a new row; another request that was quicker with the same number or address is a refusal."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(taken, field=field, code="conflict") from error
    return row


def refusal_of(error):
    """The errors of `full_clean`, each on its field."""
    return Refusal.of(
        Reason(message, "" if field == "__all__" else field)
        for field, messages in error.message_dict.items()
        for message in messages
    )


def forbidden(message):
    """A refusal for want of right, in these words."""
    return Refusal(message, code="forbidden")
