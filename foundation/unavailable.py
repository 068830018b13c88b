"""What the platform stands on is away for a while: the database, the storage, room on a disk. A 503, not a fault."""

import errno

from botocore.exceptions import BotoCoreError, ClientError
from django.db import InterfaceError, OperationalError

RETRY_AFTER = 30
"""Seconds after which it is worth asking again."""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the same request may well succeed later, once somebody has mended what is away, full or locked."""
    if isinstance(error, ClientError):
        return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500
    if isinstance(error, OSError):
        return error.errno in FULL or is_unavailable(error.__cause__)
    return isinstance(error, OperationalError | InterfaceError | BotoCoreError)
