"""New versions of a letter-head and of clauses, and their preview."""

import base64
from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import Organisation
from foundation.documents import logos, markup, registry, rules, selectors
from foundation.documents.appearance import PREVIEW
from foundation.documents.models import Clauses, Document, Letterhead
from foundation.documents.services.rendering import document_request
from foundation.errors import Refusal
from foundation.journal import services as journal


@transaction.atomic
def letterhead_save(
    *,
    organisation: Organisation,
    name: str,
    address: str,
    footer: str,
    logo: File | None,
    logo_alternative: str,
    by,
    at: datetime,
) -> Letterhead:
    """Save a new version of the letter-head, printed on documents asked for from now on.

    `logo` is the file sent (PNG or JPEG), None to keep the one in force, an empty one to print none. Raises Refusal
    without right, for a picture that is none, for a picture without words.
    """
    _demand_right(by, organisation)
    current = selectors.letterhead_in_force(organisation, lock=True)
    drawn = _logo(logo, current)
    _demand_words(drawn, logo_alternative)
    saved = Letterhead.objects.create(
        organisation=organisation,
        version=current.version + 1 if current else 1,
        name=name.strip() or organisation.name,
        address=address.strip(),
        footer=footer.strip(),
        logo=drawn,
        logo_alternative=logo_alternative.strip() if drawn else "",
        created_by=by,
        created_at=at,
    )
    journal.record(
        by=by,
        action="documents.letterhead_save",
        obj=saved,
        at=at,
        after={"name": saved.name, "address": saved.address, "footer": saved.footer},
        organisation=organisation,
    )
    return saved


def _logo(sent: File | None, current: Letterhead | None) -> bytes:
    if sent is None:
        return bytes(current.logo) if current else b""
    return logos.redrawn(sent) if sent.size else b""


def _demand_words(logo: bytes, alternative: str) -> None:
    if logo and not alternative.strip():
        raise Refusal(
            _("Décrivez le logo en quelques mots : ils seront lus à qui ne le voit pas."),
            field="logo_alternative",
        )


@transaction.atomic
def clauses_save(*, organisation: Organisation, kind: str, text: str, by, at: datetime) -> Clauses:
    """Save a new version of the clauses of one kind; an empty text prints none.

    Raises Refusal without right and for a variable that the kind does not know.
    """
    _demand_right(by, organisation)
    _demand_known_variables(text, registry.find(kind))
    current = selectors.clauses_in_force(organisation, kind, lock=True)
    saved = Clauses.objects.create(
        organisation=organisation,
        kind=kind,
        version=current.version + 1 if current else 1,
        text=text.strip(),
        created_by=by,
        created_at=at,
    )
    journal.record(
        by=by,
        action="documents.clauses_save",
        obj=saved,
        at=at,
        after={"kind": kind, "text": saved.text},
        organisation=organisation,
    )
    return saved


def _demand_known_variables(text: str, kind: registry.DocumentKind) -> None:
    unknown = markup.unknown_variables(text, kind)
    if not unknown:
        return
    known = ", ".join(f"{{{{ {variable.name} }}}}" for variable in markup.variables_of(kind))
    words = ngettext(
        "La variable « %(unknown)s » n’existe pas. Vous pouvez écrire : %(known)s.",
        "Les variables « %(unknown)s » n’existent pas. Vous pouvez écrire : %(known)s.",
        len(unknown),
    )
    raise Refusal(words % {"unknown": ", ".join(unknown), "known": known}, field="text")


@transaction.atomic
def preview_request(
    *,
    organisation: Organisation,
    kind: str = "",
    text: str | None = None,
    letterhead: dict | None = None,
    by,
    at: datetime,
) -> Document:
    """A watermarked document that shows what was typed, before it is saved, with an example for each variable.

    `text` replaces the clauses in force of `kind`; `letterhead` (name, address, footer, logo, logo_alternative) the
    letter-head in force. It is laid out by the worker like any other, within the same limits. Raises Refusal as saving.
    """
    _demand_right(by, organisation)
    if text is not None:
        _demand_known_variables(text, registry.find(kind))
    typed = _typed_letterhead(organisation, letterhead)
    clauses = text if text is not None else ""
    return document_request(
        kind=PREVIEW,
        obj=organisation,
        facts={"appearance": {**typed, "clauses": clauses, "kind": kind}},
        title=_("Aperçu du modèle de %(name)s") % {"name": typed["name"]},
        by=by,
        at=at,
        organisation=organisation,
        is_draft=True,
    )


def _typed_letterhead(organisation: Organisation, typed: dict | None) -> dict:
    current = selectors.letterhead_in_force(organisation)
    if typed is None:
        logo = bytes(current.logo) if current else b""
        names = ("name", "address", "footer", "logo_alternative")
        words = {name: getattr(current, name) for name in names} if current else dict.fromkeys(names, "")
    else:
        logo = _logo(typed["logo"], current)
        words = {name: value for name, value in typed.items() if name != "logo"}
        _demand_words(logo, words["logo_alternative"])
    return {**words, "name": words["name"] or organisation.name, "logo": base64.b64encode(logo).decode()}


def _demand_right(by, organisation: Organisation) -> None:
    if not rules.can_edit_appearance(by, organisation):
        raise Refusal(_("Vous n'avez pas le droit de faire cette action."), code="forbidden")
