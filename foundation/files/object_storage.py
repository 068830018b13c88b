"""An object storage (S3) as a storage that keeps its word: whole when it says so, read by ranges, never by chance."""

from collections.abc import Iterator

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

CHUNK_BYTES = 256 * 1024
CLIENT = Config(
    signature_version="s3v4",
    # Servers other than Amazon's are found by path; the names of buckets need no record in the DNS.
    s3={"addressing_style": "path"},
    connect_timeout=5,
    read_timeout=60,
    retries={"max_attempts": 3, "mode": "standard"},
    # Trailing checksums are Amazon's own: other servers refuse them or keep them in the content.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@deconstructible(path="foundation.files.object_storage.ObjectStorage")
class ObjectStorage(S3Storage):
    """Private objects of one bucket, sent by the platform itself. What is large is spooled to the disk."""

    def __init__(self, **options) -> None:
        defaults = {
            "client_config": CLIENT,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "max_memory_size": 2 * 1024 * 1024,
        }
        super().__init__(**{**defaults, **options})

    def read_range(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes [start, stop), the only ones asked of the server. Raises OSError at once without them."""
        if stop <= start:
            if not self.exists(name):
                raise FileNotFoundError(name)
            return iter(())
        found = self.bucket.Object(self._normalize_name(clean_name(name)))
        try:
            answer = found.get(Range=f"bytes={start}-{stop - 1}")
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise OSError(f"object storage: {error.response['Error'].get('Code', 'error')}") from error
        except BotoCoreError as error:
            raise OSError(f"object storage: {type(error).__name__}") from error
        return answer["Body"].iter_chunks(CHUNK_BYTES)
