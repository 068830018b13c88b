"""The reading of a signed PDF that comes from outside: the work of `foundation.isolation`, never done elsewhere."""

import io
import logging

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

# A certificate that no authority vouches for is what this module reports: not an accident to log with its trace.
logging.getLogger("pyhanko.sign.validation.generic_cms").setLevel(logging.CRITICAL)

QC_COMPLIANCE = "0.4.0.1862.1.1"
"""The statement by which a certificate claims to be qualified (ETSI EN 319 412-5)."""
HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
"""A second signature beside the first one is such a change."""


def warm() -> None:
    """Everything is read with this module."""


def work(_facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
    """The signatures of a PDF, in their order. Raises what a broken PDF makes the reader raise."""
    reader = PdfFileReader(io.BytesIO(contents[0]), strict=False)
    return {"signatures": [_signature(found) for found in reader.embedded_regular_signatures]}, []


def _signature(found) -> dict:
    certificate, signed_at = found.signer_cert, found.self_reported_timestamp
    return {
        "signer": _name(certificate.subject),
        "issuer": _name(certificate.issuer),
        "serial": f"{certificate.serial_number:x}",
        "signed_at": signed_at.isoformat() if signed_at else "",
        "is_intact": _is_intact(found),
        "claims_qualified": _claims_qualified(certificate),
        "is_self_signed": certificate.self_signed != "no",
        "expires_at": certificate.not_valid_after.isoformat(),
    }


def _name(subject) -> str:
    """The person or authority that a certificate names, with its organisation when it has one."""
    told = subject.native
    words = [told.get("common_name"), told.get("organization_name")]
    return ", ".join(str(word) for word in words if word) or subject.human_friendly


def _is_intact(found) -> bool:
    """The digest and the signature hold, and nothing but another signature came after."""
    try:
        status = validate_pdf_signature(
            found, signer_validation_context=ValidationContext(trust_roots=[], allow_fetching=False)
        )
    except SignatureValidationError:
        return False
    return bool(status.intact and status.valid and status.modification_level in HARMLESS)


def _claims_qualified(certificate) -> bool:
    for extension in certificate["tbs_certificate"]["extensions"]:
        if (
            extension["extn_id"].native == "qc_statements"
            or extension["extn_id"].dotted == "1.3.6.1.5.5.7.1.3"
        ):
            return QC_COMPLIANCE.encode() in _statement_ids(extension)
    return False


def _statement_ids(extension) -> set[bytes]:
    statements = extension["extn_value"].parsed
    return {str(getattr(row[0], "dotted", row[0].native)).encode() for row in statements}
