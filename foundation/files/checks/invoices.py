"""The XML of an invoice attached to its PDF (Factur-X 1.0, EN 16931): the only file that a PDF may carry."""

from xml.parsers import expat  # the document was checked before: it declares nothing

import pikepdf

from foundation.files import limits
from foundation.files.checks import markup
from foundation.files.findings import Finding

NAMES = frozenset({"factur-x.xml"})
RELATIONS = frozenset({"/Data", "/Alternative", "/Source"})
"""How Factur-X lets the invoice relate to what is shown (AFRelationship, ISO 19005-3)."""
ROOT = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100 CrossIndustryInvoice"
LARGEST = 5 * limits.MEBIBYTE


def check_only_invoice(pdf: pikepdf.Pdf) -> None:
    """Raises Finding when the PDF is not a PDF/A-3 that carries its invoice and nothing else."""
    invoice = _only_file(pdf)
    if str(invoice.get("/AFRelationship")) not in RELATIONS or not is_archive(pdf):
        raise Finding("embedded")
    stream = invoice["/EF"].get("/F")
    if not isinstance(stream, pikepdf.Stream):
        raise Finding("embedded")
    content = stream.read_bytes()
    if len(content) > LARGEST:
        raise Finding("bomb")
    markup.check_document(content)
    if _root(content) != ROOT:
        raise Finding("embedded")


def _only_file(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    """The one file specification of the whole PDF, which its catalogue names as an invoice."""
    carriers = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/EF" in found]
    streams = [
        found
        for found in pdf.objects
        if isinstance(found, pikepdf.Stream) and found.stream_dict.get("/Type") == "/EmbeddedFile"
    ]
    announced = {entry.objgen for entry in pdf.Root.get("/AF", [])}  # some programs announce it twice
    is_one = len(carriers) == len(pdf.attachments) == 1 and len(streams) <= 1
    if not is_one or announced != {carriers[0].objgen}:
        raise Finding("embedded")
    [invoice] = carriers
    inside = {entry.objgen for entry in invoice["/EF"].values()}
    names = {str(invoice.get(key)) for key in ("/F", "/UF") if key in invoice}
    if len(inside) != 1 or not names or not names <= NAMES:
        raise Finding("embedded")
    return invoice


def is_archive(pdf: pikepdf.Pdf) -> bool:
    """Whether it says that it is a PDF/A-3, the only archive that carries files."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
        return said.pdfa_status.startswith("3")


def _root(content: bytes) -> str:
    found = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _attributes: found or found.append(name)
    parser.Parse(content, True)
    return found[0]
