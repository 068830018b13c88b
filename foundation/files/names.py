"""Names of files, kept safe for every system that may one day hold them."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from foundation.files.limits import NAME_BYTES

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}
"""Names that Windows gives to devices, whatever the extension."""

DANGEROUS = {
    *("exe", "dll", "com", "bat", "cmd", "msi", "msp", "scr", "pif", "cpl", "ps1", "psm1", "vbs", "vbe"),
    *("js", "jse", "mjs", "wsf", "wsh", "hta", "jar", "sh", "bash", "reg", "inf", "lnk", "url", "scf"),
    *("html", "htm", "xhtml", "mht", "mhtml", "svg", "svgz", "php", "phtml", "asp", "aspx", "jsp", "py"),
    *("pl", "rb", "iso", "img", "vhd", "docm", "dotm", "xlsm", "xltm", "xlam", "xll", "pptm", "ppam"),
    *(
        "potm",
        "ppsm",
        "apk",
        "app",
        "deb",
        "rpm",
        "dmg",
        "pkg",
        "chm",
        "hlp",
        "library-ms",
        "settingcontent-ms",
    ),
}
"""Extensions that some system runs; refused even in the middle of a name."""

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")


def safe_name(name: str) -> str:
    """A file's name without path, control or direction characters, that every system accepts.

    Normalised (NFC), at most NAME_BYTES bytes, never a device of Windows, never ended by a dot or a space.
    """
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = _SPACES.sub(" ", name)
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = _FORBIDDEN.sub("_", name).strip(" .") or "fichier"
    if name.split(".", 1)[0].strip().lower() in RESERVED:
        name = f"_{name}"
    return _cut(name)


def _cut(name: str) -> str:
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix.encode()) <= 20 else ""
    stem = name[: len(name) - len(suffix)].encode()[: NAME_BYTES - len(suffix.encode())]
    return (stem.decode("utf-8", "ignore").rstrip(" .") or "fichier") + suffix


def extension(name: str) -> str:
    """The extension in lower case, without its dot."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def hides_an_extension(name: str) -> bool:
    """Whether a part before the last is an extension that some system runs: « devis.exe.pdf »."""
    return bool({part.strip().lower() for part in name.split(".")[1:-1]} & DANGEROUS)


def disposition(name: str) -> str:
    """The Content-Disposition of a download: plain letters for old programs, the whole name for the others
    (RFC 6266, RFC 5987).
    """
    name = safe_name(name)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'[^\w .()+,=@-]|["\\]', "_", plain).strip(" .") or "fichier"
    if plain.startswith("."):
        plain = f"fichier{plain}"
    told = f'attachment; filename="{plain}"'
    return told if plain == name else f"{told}; filename*=UTF-8''{quote(name, safe='')}"
