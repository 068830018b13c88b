"""How far a file is followed before it is refused: what bounds the memory and the time of every check."""

MEBIBYTE = 1024 * 1024

HEAD_BYTES = 8192
"""First bytes from which a type is read."""

NAME_BYTES = 150
"""Longest name kept, in UTF-8 bytes: well under the 255 of Linux, macOS and Windows, with room for a path."""

ARCHIVE_ENTRIES = 1000
ARCHIVE_DIRECTORY_BYTES = MEBIBYTE
"""Size of a ZIP's central directory: read whole by the library, so bounded before it is called."""
ARCHIVE_UNPACKED_BYTES = 200 * MEBIBYTE
ENTRY_UNPACKED_BYTES = 50 * MEBIBYTE
ENTRY_RATIO = 200
"""Times an entry may grow when it is unpacked; text and XML of real files stay under 60."""
RATIO_FLOOR_BYTES = MEBIBYTE
"""Under this, an entry may be as repetitive as it likes."""
ARCHIVE_DEPTH = 2
"""An office file inside a ZIP is followed; an archive inside that is not."""

PDF_UNPACKED_BYTES = 256 * MEBIBYTE
PDF_TAIL_BYTES = 1024
"""What may follow the end of a PDF before it is something else in disguise."""

IMAGE_PIXELS = 120_000_000
"""A0 at 300 dots an inch is 139 million, A1 70: nobody sends more than a large scan."""
