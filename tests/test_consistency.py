"""House rules that no linter knows."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
OURS = {
    "accounts",
    "journal",
    "documents",
    "files",
    "notifications",
    "webhooks",
    "needs",
    "concierge",
    "tenders",
    "framework_agreements",
    "startups",
}


NAMING = [
    (models.DateTimeField, "", "at"),
    (models.DateField, "", "date"),
    (models.DecimalField, "price|amount|maximum|ceiling|budget|estimated", "excl_tax"),
]
"""Kind of field, which of them, how its name ends."""


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def test_field_names_say_what_they_hold() -> None:
    """Instants end in `_at`, dates in `_date`, amounts in `_excl_tax` (architecture)."""
    fields = [field for model in our_models() for field in model._meta.fields if field.name != "last_login"]
    wrong = [
        f"{field} ends in {suffix}"
        for field in fields
        for kind, about, suffix in NAMING
        if type(field) is kind
        and re.search(about, field.name)
        and not re.search(rf"(^|_){suffix}$", field.name)
    ]
    assert wrong == []


def test_amounts_are_decimals() -> None:
    assert [str(f) for m in our_models() for f in m._meta.fields if isinstance(f, models.FloatField)] == []


def test_pages_keep_the_content_security_policy() -> None:
    """No inline style, script or handler: they would be blocked, silently for whoever wrote them."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)
    printed = {"documents", "email"}
    broken = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in templates()
        if not printed & set(path.relative_to(ROOT / "templates").parts[:1])
        and (match := inline.search(path.read_text("utf-8")))
    ]
    assert broken == []


def test_nothing_is_asked_from_another_host() -> None:
    foreign = re.compile(
        r"(src|srcset|action)=\"(https?:)?//|<link[^>]+href=\"(https?:)?//|url\(\s*['\"]?https?:"
    )
    files = [*templates(), *(ROOT / "static").rglob("*.css")]
    assert [str(path) for path in files if foreign.search(path.read_text("utf-8"))] == []


def test_tables_have_captions() -> None:
    bare = [
        str(path.relative_to(ROOT))
        for path in templates()
        if path.read_text("utf-8").count("<table") > path.read_text("utf-8").count("<caption")
        and "email" not in path.parts
    ]
    assert bare == []


def test_nothing_is_marked_safe_in_templates() -> None:
    assert [
        str(path) for path in templates() if re.search(r"\|\s*safe\b|autoescape off", path.read_text("utf-8"))
    ] == []


@pytest.mark.django_db
def test_migrations_say_what_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_life_cycle_page_is_drawn_from_the_tables() -> None:
    """docs/lifecycle.md is written by `manage.py lifecycle`; run it after a change of a workflow."""
    from procurement.management.commands.lifecycle import page

    assert (ROOT / "docs" / "lifecycle.md").read_text("utf-8") == page()
