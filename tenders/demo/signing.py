"""A signed act for the demonstration: a page, signed with certificates made on the spot, which say so."""

import io
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

PAGE = (0, 0, 595, 842)


def plain_act(text: str) -> bytes:
    """One page with a line of plain text, unsigned."""
    document = writer.PdfFileWriter()
    words = text.encode("latin-1", "replace").replace(b"(", b"\\(").replace(b")", b"\\)")
    stream = generic.StreamObject(stream_data=b"BT /F1 14 Tf 60 760 Td (" + words + b") Tj ET")
    font = {
        "/Type": "/Font",
        "/Subtype": "/Type1",
        "/BaseFont": "/Helvetica",
        "/Encoding": "/WinAnsiEncoding",
    }
    named = generic.DictionaryObject({pdf_name(key): pdf_name(value) for key, value in font.items()})
    fonts = generic.DictionaryObject({pdf_name("/F1"): document.add_object(named)})
    page = writer.PageObject(
        contents=document.add_object(stream),
        media_box=PAGE,
        resources=generic.DictionaryObject({pdf_name("/Font"): fonts}),
    )
    document.insert_page(page)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _signer(name: str, at) -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    start = at - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=300))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    bundle = serialization.pkcs12.serialize_key_and_certificates(
        b"signer", key, certificate, None, serialization.NoEncryption()
    )
    return signers.SimpleSigner.load_pkcs12_data(bundle, other_certs=[], passphrase=None)


def signed_act(text: str, *names: str, at) -> bytes:
    """The page signed by each of these people, one after the other."""
    content = plain_act(text)
    for number, name in enumerate(names, start=1):
        document = IncrementalPdfFileWriter(io.BytesIO(content))
        field = signers.PdfSignatureMetadata(field_name=f"Signature{number}")
        content = signers.sign_pdf(document, field, signer=_signer(name, at)).getvalue()
    return content
