"""Small containers made by hand: ZIP, office files, PDF, images; the good ones and what spoils them."""

import io
import struct
import zipfile
import zlib

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts, *, method=zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of {name or ZipInfo: content}, or of pairs when a name comes twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def office(kind: str, extra=None, *, body: str | bytes = "<doc/>", types: str = "") -> bytes:
    """The least that is a Word, Excel or PowerPoint file, with `extra` parts."""
    main = f'<Override PartName="/{MAIN[kind]}" ContentType="{TYPES[kind]}"/>'
    content_types = f'<?xml version="1.0"?><Types>{main}{types}</Types>'
    return zipped(
        {"[Content_Types].xml": content_types, "_rels/.rels": relations(), MAIN[kind]: body, **(extra or {})}
    )


def relations(*rows: tuple[str, str, bool]) -> str:
    """A part of relations: (kind, target, whether it is outside)."""
    lines = ""
    for number, (kind, target, out) in enumerate(rows):
        mode = ' TargetMode="External"' if out else ""
        lines += f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'
    return f'<?xml version="1.0"?><Relationships>{lines}</Relationships>'


def open_document(kind: str, extra=None, *, content: str = "<office:document-content/>") -> bytes:
    """The least that is an OpenDocument file."""
    mimetype = zipfile.ZipInfo("mimetype")
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {mimetype: ODF[kind], "content.xml": content, "META-INF/manifest.xml": manifest}
    return zipped({**parts, **(extra or {})})


def pdf(*objects: bytes, catalog: bytes = b"", tail: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of one empty page, with objects from number 4 on."""
    found = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(found, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R " % (len(places) + 1) + trailer
    return content + b" >>\nstartxref\n%d\n%%%%EOF\n" % start + tail


def stream(data: bytes, facts: bytes = b"", *, packed: bool = True) -> bytes:
    """A stream object."""
    body = zlib.compress(data) if packed else data
    kind = b"/Filter /FlateDecode " if packed else b""
    return b"<< /Length %d " % len(body) + kind + facts + b" >>\nstream\n" + body + b"\nendstream"


def object_stream(body: bytes) -> bytes:
    """A compressed object stream that holds one object."""
    return stream(b"9 0 " + body, b"/Type /ObjStm /N 1 /First 4")


def block(kind: bytes, data: bytes) -> bytes:
    """A block of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 4, height: int = 4, *more: bytes, tail: bytes = b"") -> bytes:
    """A grey PNG; `more` blocks come after its header."""
    rows = b"".join(b"\x00" + b"\x80" * width for _row in range(min(height, 64)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = block(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", header) + b"".join(more) + data + block(b"IEND", b"") + tail


def jpeg(width: int = 4, height: int = 4, *, comment: bytes = b"", tail: bytes = b"") -> bytes:
    """The frame of a JPEG."""
    said = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34" * 8
    jfif = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + jfif + said + frame + scan + b"\xff\xd9" + tail
