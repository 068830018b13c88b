"""What can be checked of a file while it passes by, for one that nobody may keep in clear: a sealed bid.

First bytes, size, and the words that are refused wherever they stand, looked for across the joints between
chunks. The whole check comes after the opening (`services.inspect`).
"""

from foundation.files.checks import opening
from foundation.files.checks.signatures import EICAR
from foundation.files.findings import Finding
from foundation.files.limits import HEAD_BYTES, MEBIBYTE
from foundation.files.names import extension, hides_an_extension, safe_name
from foundation.files.profiles import OFFICE, Profile

_IN_OFFICE = {b"vbaProject.bin": "macros", b"xl/macrosheets/": "macros", b"/activeX/activeX": "macros"}
_IN_PDF = {b"/JavaScript": "active", b"/Launch ": "active", b"/EmbeddedFile": "embedded"}
_OVERLAP = len(EICAR)


class StreamCheck:
    """The checks of one file that arrives chunk by chunk; keeps its first bytes and a few last ones only."""

    def __init__(self, name: str, profile: Profile) -> None:
        """Raises Finding for a name that the profile does not take."""
        self.name = safe_name(name)
        self.extension = extension(self.name)
        self.size = 0
        self._profile = profile
        self._head = b""
        self._tail = b""
        self._is_head_checked = False
        self._marks = {EICAR: "malware", **self._marks_of_family()}
        opening.check_name(self.name, self.extension, profile, hides_an_extension(self.name))

    @classmethod
    def resumed(cls, profile: Profile, size: int) -> "StreamCheck":
        """The check of the rest of a file whose first `size` bytes were checked, and whose name is sealed."""
        check = cls.__new__(cls)
        check.name = check.extension = ""
        check.size, check._profile = size, profile
        check._head = check._tail = b""
        check._is_head_checked = True
        check._marks = {EICAR: "malware"}
        return check

    def _marks_of_family(self) -> dict[bytes, str]:
        if self.extension in OFFICE:
            return _IN_OFFICE
        return _IN_PDF if self.extension == "pdf" else {}

    def take(self, chunk: bytes) -> None:
        """Look at the next bytes. Raises Finding."""
        self.size += len(chunk)
        if self.size > self._profile.max_bytes:
            raise Finding("size", limit=self._profile.max_bytes // MEBIBYTE)
        if not self._is_head_checked:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
            if len(self._head) == HEAD_BYTES:
                self._check_head()
        seam = self._tail + chunk[:_OVERLAP]
        for mark, code in self._marks.items():
            if mark in chunk or mark in seam:
                raise Finding(code)
        self._tail = (self._tail + chunk)[-_OVERLAP:] if len(chunk) < _OVERLAP else chunk[-_OVERLAP:]

    def close(self) -> None:
        """End of the file. Raises Finding."""
        if self.size == 0:
            raise Finding("empty")
        if not self._is_head_checked:
            self._check_head()

    def _check_head(self) -> None:
        self._is_head_checked = True
        opening.check_head(self.extension, self._head)
        self._head = b""
