"""The house rules, as tests: who imports whom, where keys point, how long things are."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["foundation", "needs", "concierge", "tenders", "framework_agreements", "startups", "procurement"]
LONGEST_FILE = 450
LONGEST_FUNCTION = 50
STAND_ALONE = ROOT / "foundation" / "journal" / "verifier.py"
"""Given to people as one file, so it stays one."""
INHERITED = {"api.AccessToken": {"user"}}
"""Keys that a library's abstract model declares."""
ASKING = re.compile(r"timezone\.now\(\)|datetime\.now\(|date\.today\(|clock\.now\(\)|(?<!_)\bnow\(\)")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "core", "base"}


def sources() -> list[Path]:
    folders = [ROOT / floor for floor in FLOORS]
    return sorted(
        path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts
    )


def floor_of(model: type[models.Model]) -> int | None:
    """How high the app of `model` stands; None for a library's."""
    package = model.__module__.split(".")[0]
    return FLOORS.index(package) if package in FLOORS else None


def our_relations() -> list[models.Field]:
    return [
        field
        for model in apps.get_models()
        if floor_of(model) is not None
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and floor_of(field.related_model) is not None
    ]


def test_imports_follow_the_contracts() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_foreign_keys_point_down() -> None:
    up = [str(f) for f in our_relations() if floor_of(f.related_model) > floor_of(f.model)]
    assert up == []


def test_a_key_that_crosses_apps_leaves_no_name_below() -> None:
    named = [
        str(field)
        for field in our_relations()
        if field.model._meta.app_label != field.related_model._meta.app_label
        and not (field.remote_field.related_name or "").endswith("+")  # many to many: "_app_model_field_+"
        and not isinstance(field, models.OneToOneField | models.AutoField)
        and field.name not in INHERITED.get(field.model._meta.label, ())
    ]
    assert named == []


def test_files_and_functions_stay_readable() -> None:
    too_long = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE and path != STAND_ALONE:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION:
                too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert too_long == []


def test_no_room_is_a_junk_room() -> None:
    junk = [
        path
        for path in sources()
        if path.stem in FORBIDDEN_NAMES and path.parent.name != "settings" and "commands" not in path.parts
    ]
    assert junk == []


def test_domain_code_is_handed_the_clock() -> None:
    """Only doors ask the time: services, rules, workflows and selectors receive `at`."""
    doors = {"views", "api", "tasks", "commands", "runtime", "clock", "demo", "screens", "templatetags"}
    doors |= {
        "adapters",
        "middleware",
        "forms",
        "filters",
    }  # django-allauth calls them at the edge of the request
    asking = [
        str(path.relative_to(ROOT))
        for path in sources()
        if not doors & {path.stem, *path.parts} and ASKING.search(path.read_text("utf-8"))
    ]
    assert asking == []


def test_public_functions_say_what_they_do() -> None:
    rooms = {"services", "selectors", "rules", "models", "workflow", "legal"}
    silent = []
    for path in sources():
        if not rooms & {path.stem, path.parent.name}:
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and ast.get_docstring(node) is None:
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []


@pytest.mark.django_db
def test_migrations_are_one_line_in_each_app() -> None:
    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in FLOORS}
    forked = [label for label in ours if len(loader.graph.leaf_nodes(label)) > 1]
    assert forked == []
