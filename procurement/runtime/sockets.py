"""A directory for Unix sockets: closed (0700), and short enough for the 107 bytes the kernel allows."""

import tempfile
from pathlib import Path

from procurement.runtime.account import hand_over

LONGEST = 80  # bytes of directory, leaving room for the name of the socket


def socket_directory(ground: Path, account: str | None) -> Path:
    """`ground/run`, or when that is too long an unguessable directory of /tmp, remembered in `ground`."""
    near = ground / "run"
    if len(str(near).encode()) <= LONGEST:
        hand_over(near, account)
        return near
    memo = ground / "run.path"
    if not (memo.exists() and Path(memo.read_text()).is_dir()):
        memo.write_text(tempfile.mkdtemp(prefix="jalon-", dir="/tmp"))
    far = Path(memo.read_text())
    hand_over(far, account)
    return far
