"""What an import linter cannot see runs downward too: keys, migrations, address names, slots, events."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from backoffice.core.apps import ROOTS
from backoffice.core.mapping import package_of
from backoffice.core.slots import all_slots

TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMED = re.compile(r"""{%\s*url\s+['"]([a-z_]+):[a-z_]+['"]""")


@pytest.fixture(scope="module")
def packages(house):
    """Label to package of our own apps."""
    return {config.label: config.name for config in house.configs}


def upward_relations(house, packages, found_models):
    found = []
    for model in found_models:
        mine = packages.get(model._meta.app_label)
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not mine or field.auto_created or not isinstance(target, type) or not issubclass(target, models.Model):
                continue
            other = packages.get(target._meta.app_label)
            if other and not house.floors.may_use(mine, other):
                found.append(f"{model._meta.label}.{field.name} points up to {target._meta.label}")
    return found


def test_relations_run_downward(house, packages):
    assert upward_relations(house, packages, apps.get_models(include_auto_created=True)) == []


def test_a_relation_that_points_up_is_found(house, packages):
    class Planted:
        class _meta:
            app_label, label = "core", "core.Planted"

            @staticmethod
            def get_fields():
                return [apps.get_model("ledger.JournalLine")._meta.get_field("entry")]

    assert upward_relations(house, packages, [Planted]) == ["core.Planted.entry points up to ledger.JournalEntry"]


def test_migrations_depend_downward(house, packages):
    loader = MigrationLoader(None)
    upward = []
    for (label, name), migration in loader.disk_migrations.items():
        for other, _name in migration.dependencies:
            if label in packages and other in packages and not house.floors.may_use(packages[label], packages[other]):
                upward.append(f"{label}.{name} depends on {other}")
    assert upward == []


def test_migrations_can_be_undone(packages):
    loader = MigrationLoader(None)
    stuck = [
        f"{label}.{name}: {operation}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in packages
        for operation in migration.operations
        if isinstance(operation, RunSQL | RunPython) and not operation.reversible
    ]
    assert stuck == []


def test_every_sql_file_has_its_way_back(house):
    files = [path for config in house.configs for path in (Path(config.path) / "sql").glob("*.sql")]
    up = [path for path in files if not path.name.endswith(".down.sql")]
    assert [str(path) for path in up if not path.with_suffix(".down.sql").exists()] == []


def owner_of_template(path, packages):
    """`templates/finance/payables/…` belongs to finance.payables, `templates/reporting/…` to the one app of reporting.

    templates/ui and all others belong to the screen kit.
    """
    parts = path.relative_to(TEMPLATES).parts
    if (name := ".".join(parts[:2])) in packages.values():
        return name
    of_domain = [package for package in packages.values() if package.startswith(f"{parts[0]}.")]
    return of_domain[0] if of_domain and parts[0] != "backoffice" else "backoffice.ui"


def test_templates_name_no_address_of_a_higher_app(house, packages):
    upward = []
    for path in sorted(TEMPLATES.rglob("*.*")):
        mine = owner_of_template(path, packages)
        for label in NAMED.findall(path.read_text()):
            other = packages.get(label)
            # ui and api stand side by side; the profile page may show the way to a person's own tokens
            if other and other != "backoffice.api" and not house.floors.may_use(mine, other):
                upward.append(f"{path.relative_to(TEMPLATES)} names {label}")
    assert upward == []


def test_code_names_no_address_of_a_higher_app(house, packages):
    address = re.compile(rf"({'|'.join(packages)}):[a-z_]+")
    upward = []
    for name, tree in house.modules.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and (hit := address.fullmatch(node.value))
            ):
                if not house.floors.may_use(package_of(name), packages[hit[1]]):
                    upward.append(f"{name} names {node.value}")
    assert upward == []


def test_slots_are_filled_from_above(house):
    assert [
        f"{package} fills {slot}"
        for slot, package in house.fillings
        if not house.floors.may_use(package, house.slot_homes[slot])
    ] == []


def test_every_slot_carries_the_label_of_its_app(house, packages):
    assert [name for name in all_slots if name.split(".")[0] not in packages] == []


def test_events_are_heard_from_above(house):
    wrong = [
        f"{function.__module__} listens to {event.__module__}.{event.__name__}"
        for event, function, _late in house.arrows
        if not house.floors.may_use(package_of(function.__module__), package_of(event.__module__))
    ]
    assert wrong == []


def test_what_is_told_is_declared_as_an_event(house):
    declared = set(house.events)
    assert [event.__name__ for event, _function, _late in house.arrows if event not in declared] == []


def test_every_template_is_used():
    sources = [path.read_text() for root in ROOTS for path in (Path(settings.BASE_DIR) / root).rglob("*.py")]
    pages = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.*")}
    text = "\n".join([*sources, *pages.values()])
    # Looked up by Django, allauth and the admin under names that they fix themselves.
    by_others = re.compile(
        r"(account|mfa|admin|allauth|usersessions|django|registration)/|errors/|\d{3}(_csrf)?\.html|(form|div|field|formset)s?[^/]*\.html|ui/widgets/"
    )
    # `f"ui/{part}.html"` and the like name a family of templates by its folder.
    families = set(re.findall(r"""f["']([a-z_/]+/)\{""", text))
    unused = [
        name
        for name in pages
        if f'"{name}"' not in text
        and f"'{name}'" not in text
        and not by_others.match(name)
        and f"{name.rsplit('/', 1)[0]}/" not in families
    ]
    assert unused == []
