"""What WeasyPrint leaves unsaid in the structure of a tagged PDF, said before the file is written.

PDF/UA-1 (ISO 14289-1) wants header cells to tell what they head (7.5), links to be printed (7.18) and running
headers and footers to be artifacts (7.8), which a reader's voice passes over.
"""

from collections.abc import Iterator

import pydyf

PRINT_FLAG = 4  # ISO 32000-1, table 165: bit 3 of the flags of an annotation

# PDF/A wants its metadata described; the property of PDF/UA is not one that it knows (ISO 19005-3, 6.6.2.3).
CLAIMS_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def finish_archive(document, pdf: pydyf.PDF) -> None:
    """As `finish`, for a PDF/A: it also says that it keeps the rules of PDF/UA, and describes that property."""
    finish(document, pdf)
    metadata = _at(pdf, pdf.catalog["Metadata"])
    metadata.stream = [part.replace(b"</rdf:RDF>", CLAIMS_UA) for part in metadata.stream]


def finish(_document, pdf: pydyf.PDF) -> None:
    """The `finisher` of WeasyPrint: mend the objects of the PDF in memory."""
    for obj in pdf.objects:
        if isinstance(obj, pydyf.Dictionary):
            _mend(pdf, obj)
    _set_running_lines_apart(pdf)


def _at(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    """The object behind « 12 0 R »."""
    return pdf.objects[int(reference.split()[0])]


def _mend(pdf: pydyf.PDF, obj: pydyf.Dictionary) -> None:
    if obj.get("Subtype") == "/Link":
        obj["F"] = int(obj.get("F", 0)) | PRINT_FLAG
    if obj.get("S") == "/TH":
        # Our templates put column headers in `thead` and nowhere else.
        row = _at(pdf, obj["P"])
        obj["A"]["Scope"] = "/Column" if _at(pdf, row["P"])["S"] == "/THead" else "/Row"


def _set_running_lines_apart(pdf: pydyf.PDF) -> None:
    """Text of the margins has structure elements that no parent holds: make it an artifact of its page."""
    root = _at(pdf, pdf.catalog["StructTreeRoot"])
    held = set(_descendants(pdf, root["K"]))
    numbers = _at(pdf, root["ParentTree"])["Nums"]
    elements_of_page = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for rank, reference in enumerate(pdf.page_references):
        page, elements = _at(pdf, reference), elements_of_page[rank]
        loose = {mcid for mcid, element in enumerate(elements) if element not in held}
        _make_artifacts(_at(pdf, page["Contents"]).stream, loose)
        for mcid in loose:
            elements[mcid] = "null"


def _descendants(pdf: pydyf.PDF, kids: pydyf.Array) -> Iterator[bytes]:
    """References of every structure element below these."""
    waiting = list(kids)
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, bytes):
            yield kid
            waiting.extend(_at(pdf, kid).get("K", ()))


def _make_artifacts(stream: list, loose: set[int]) -> None:
    """Turn « /Span <</MCID n>> BDC » into an artifact for these marks."""
    for place, item in enumerate(stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in loose:
            stream[place - 1] = "/Artifact"
            stream[place] = pydyf.Dictionary({"Type": "/Pagination"})
