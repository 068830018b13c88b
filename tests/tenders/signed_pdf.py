"""A PDF signed as a person would, with a certificate made for the test."""

import datetime
import io

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import signers

from foundation.clock import now


def plain_pdf() -> bytes:
    """One page, unsigned."""
    document = writer.PdfFileWriter()
    box = BoxConstraints(width=200, height=200)
    content = RawContent(b"q 10 10 50 50 re S Q", box=box)
    page = writer.PageObject(
        contents=document.add_object(generic.StreamObject(stream_data=content.render())),
        media_box=(0, 0, 200, 200),
    )
    document.insert_page(page)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _signer(name: str) -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = now() - datetime.timedelta(days=1)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=300))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    bundle = serialization.pkcs12.serialize_key_and_certificates(
        b"signer", key, certificate, None, serialization.NoEncryption()
    )
    return signers.SimpleSigner.load_pkcs12_data(bundle, other_certs=[], passphrase=None)


def signed_pdf(*names: str) -> bytes:
    """The page signed by each of these people, one after the other."""
    content = plain_pdf()
    for number, name in enumerate(names, start=1):
        document = IncrementalPdfFileWriter(io.BytesIO(content))
        field = signers.PdfSignatureMetadata(field_name=f"Signature{number}")
        content = signers.sign_pdf(document, field, signer=_signer(name)).getvalue()
    return content
