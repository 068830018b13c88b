"""Static files, and where uploaded and printed files are kept."""

from pathlib import Path

from .environment import BASE_DIR, DATA_DIR, env

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "media"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

STORAGE_URL = env("STORAGE_URL", default="")


def storage_from_url(url: str) -> dict:
    """The default storage: a folder of the data directory, or an S3 server.

    `s3://key:secret@host:port/bucket?scheme=http&region=fr-par`: https and us-east-1 when they are not said.
    """
    if not url:
        return {
            "BACKEND": "foundation.files.storage.DurableStorage",
            "OPTIONS": {"location": str(MEDIA_ROOT)},
        }
    from urllib.parse import parse_qs, unquote, urlsplit

    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"BACKEND": "foundation.files.storage.DurableStorage", "OPTIONS": {"location": parts.path}}
    asked = parse_qs(parts.query)
    scheme = asked.get("scheme", ["https"])[0]
    return {
        "BACKEND": "foundation.files.object_storage.ObjectStorage",
        "OPTIONS": {
            "endpoint_url": f"{scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}",
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": parts.path.strip("/"),
            "region_name": asked.get("region", ["us-east-1"])[0],
        },
    }


STORAGES = {
    "default": storage_from_url(STORAGE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

FILE_CHECK_SECONDS = env.int("FILE_CHECK_SECONDS", default=10)
"""Seconds of processor that the check of one file may take, in a process apart; twice that on the clock."""
FILE_CHECK_MEGABYTES = env.int("FILE_CHECK_MEGABYTES", default=512)
"""Address space of that process."""
FILE_MAX_BYTES = env.int("FILE_MAX_MEGABYTES", default=20) * 1024 * 1024
"""The largest file taken by any door, unless its own profile says otherwise."""
CLAMD_URL = env("CLAMD_URL", default="")
"""An antivirus: tcp://host:3310 or unix:///run/clamav/clamd.ctl. Empty: our own checks alone."""
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=20.0)
