"""The worker's side of the press."""

from foundation.documents.press.printed import Printed
from foundation.isolation.pool import Bounds, Pool

LARGEST_FILE = 64 * 1024 * 1024  # the largest temporary file, a font unpacked by WeasyPrint
PATIENCE_SECONDS = 120


class Press:
    """Hands jobs to a process apart, one at a time; `folder` holds our style and fonts, read once."""

    def __init__(self, *, seconds: int, megabytes: int, folder: str):
        bounds = Bounds(seconds, seconds, megabytes, LARGEST_FILE)
        self.pool = Pool(
            "foundation.documents.press.jobs",
            bounds,
            places=1,
            patience=PATIENCE_SECONDS,
            warmth={"folder": folder},
        )

    def print(self, orders: list[dict]) -> list[Printed]:
        """Have these forms made. Raises JobError."""
        answer, contents = self.pool.run({"orders": orders}, [])
        return [
            Printed(content=content, **form)
            for form, content in zip(answer["printed"], contents, strict=True)
        ]
