"""Inside an app a file imports only lower files, and from outside only the doors are used."""

import pytest

from backoffice.core.mapping import package_of

# Architecture section 2, top first. Free-named files are verbs. Panels stand above tables, since a panel may show one.
TABLE = [
    {"urls"},
    {"demo", "management", "checks", "apps"},
    {"views"},
    {"api"},
    {"admin"},
    {"forms", "filters"},
    {"panels"},
    {"tables"},
    {"reports", "measures", "tiles"},
    {"tasks", "subscribers"},
    "verbs",
    {"queries"},
    {"models"},
    {"events", "permissions"},
]
PRIVATE = {
    "views",
    "forms",
    "tables",
    "panels",
    "urls",
    "admin",
    "api",
    "tasks",
    "subscribers",
    "reports",
    "demo",
    "filters",
}

# A panel that a lower app offers to the documents of others is placed where a screen is put together (decision 006).
PLACES_OF_PANELS = {"urls", "views", "panels"}

# The kits are made of what other apps keep private: their forms, tables and panels are the bases that all apps use.
KITS = {
    "backoffice.core": "the engine: no rows and no screens, `apps` tells the roots of the house",
    "backoffice.api": "the REST kit: `permissions` are those of REST framework, not rights",
    "backoffice.ui": "the screen kit: forms, tables, filters and panels are its public classes",
    "reporting.reports": "the report kit: its forms and panels are the bases of all reports",
}


def level(file):
    for number, names in enumerate(TABLE):
        if names != "verbs" and file in names:
            return number
    return TABLE.index("verbs")


def file_of(module):
    parts = module.split(".")
    return parts[2] if len(parts) > 2 else ""


def ours(graph):
    """All direct imports between files of apps, migrations aside."""
    for importer in sorted(graph.modules):
        if len(importer.split(".")) < 3 or ".migrations" in importer:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if len(imported.split(".")) >= 3 and ".migrations" not in imported:
                yield importer, imported


def is_words_only(graph, module):
    """A free-named file that knows no rows (pure computing, identifiers) may be used from anywhere in its app."""
    app = package_of(module)
    below = graph.find_upstream_modules(module) | {module}
    return not any(package_of(name) == app and file_of(name) in ("models", "queries") for name in below)


def climbs(graph):
    found = []
    for importer, imported in ours(graph):
        if package_of(importer) != package_of(imported) or file_of(importer) == file_of(imported):
            continue
        if package_of(importer) in KITS or not level(file_of(imported)) < level(file_of(importer)):
            continue
        if level(file_of(imported)) == TABLE.index("verbs") and is_words_only(graph, imported):
            continue
        found.append(f"{importer} imports {imported}")
    return found


def through_the_wall(graph):
    return [
        f"{importer} imports {imported}"
        for importer, imported in ours(graph)
        if package_of(importer) != package_of(imported)
        and file_of(imported) in PRIVATE
        and package_of(imported) not in KITS
        and not (file_of(imported) == "panels" and file_of(importer) in PLACES_OF_PANELS)
    ]


def test_files_import_only_lower_files_of_their_app(graph):
    assert climbs(graph) == []


def test_from_outside_only_the_doors_of_an_app_are_used(graph):
    assert through_the_wall(graph) == []


@pytest.mark.parametrize(
    ("importer", "imported", "judge"),
    [
        ("finance.ledger.models", "finance.ledger.posting", climbs),
        ("finance.ledger.queries", "finance.ledger.forms", climbs),
        ("finance.payables.models", "finance.ledger.forms", through_the_wall),
    ],
)
def test_a_planted_fault_is_found(graph, importer, imported, judge):
    """The tests above judge: with a wrong arrow put into a copy of the graph they fail."""
    from copy import deepcopy

    planted = deepcopy(graph)
    for name in (importer, imported, imported.rsplit(".", 1)[0] + ".models"):
        if name not in planted.modules:
            planted.add_module(name)
    planted.add_import(importer=importer, imported=imported)
    if judge is climbs and not imported.endswith("forms"):
        planted.add_import(importer=imported, imported=imported.rsplit(".", 1)[0] + ".models")

    assert f"{importer} imports {imported}" in judge(planted)
