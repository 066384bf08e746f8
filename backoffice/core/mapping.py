"""The map of the house, read from what runs: contracts, apps, models, events, slots and imports.

`docs/map.md` and `docs/flows.md` are written from here, and the architecture tests ask the same facts.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings

from backoffice.core.apps import ROOTS
from backoffice.core.events import subscribers
from backoffice.core.flow import Flow, flows
from backoffice.core.slots import Slot, all_slots


@dataclass(frozen=True)
class Floors:
    """Which package may use which: the layers of the import contracts, top first."""

    domains: list[list[str]]
    rooms: dict[str, list[list[str]]]
    planned: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> "Floors":
        """From the contracts in `pyproject.toml`; brackets mark rooms that are planned and not built."""
        contracts = tomllib.loads(path.read_text())["tool"]["importlinter"]["contracts"]
        layers = [contract for contract in contracts if contract["type"] == "layers"]
        split = {contract["name"]: [layer.split("|") for layer in contract["layers"]] for contract in layers}
        clean = {name: [[word.strip(" ()") for word in layer] for layer in rows] for name, rows in split.items()}
        planned, rooms, domains = set(), {}, []
        for contract in layers:
            if "containers" not in contract:
                domains = clean[contract["name"]]
                continue
            (domain,) = contract["containers"]
            rooms[domain] = clean[contract["name"]]
            for layer in split[contract["name"]]:
                planned |= {f"{domain}.{word.strip(' ()')}" for word in layer if "(" in word}
        return cls(domains, rooms, frozenset(planned))

    def order(self) -> list[str]:
        """All rooms as packages, top first."""
        named = [domain for layer in self.domains for domain in layer]
        return [f"{domain}.{room}" for domain in named for layer in self.rooms[domain] for room in layer]

    def may_use(self, upper: str, lower: str) -> bool:
        """Whether a file in package `upper` (`finance.payables`) may name something of package `lower`."""
        if upper == lower:
            return True
        domain, room = upper.split(".")
        other, other_room = lower.split(".")
        if domain != other:
            return _level(self.domains, domain) < _level(self.domains, other)
        return _level(self.rooms[domain], room) < _level(self.rooms[domain], other_room)


def _level(layers: list[list[str]], name: str) -> int:
    return next(level for level, names in enumerate(layers) if name in names)


@dataclass
class Room:
    """One app as the map shows it."""

    package: str
    label: str
    purpose: str
    stands_on: list[str]
    owns: list[str]
    tells: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    listens: list[str] = field(default_factory=list)


class House:
    """All facts about the running house, gathered once."""

    @cached_property
    def floors(self) -> Floors:
        return Floors.read(Path(settings.BASE_DIR) / "pyproject.toml")

    @cached_property
    def configs(self) -> list[AppConfig]:
        """Our own installed apps, in the order of the floors, top first."""
        order = self.floors.order()
        ours = [config for config in apps.get_app_configs() if config.name.split(".")[0] in ROOTS]
        return sorted(ours, key=lambda config: order.index(config.name))

    @cached_property
    def rooms(self) -> list[Room]:
        return [self._room(config) for config in self.configs]

    def _room(self, config: AppConfig) -> Room:
        models = [model for model in config.get_models() if not model._meta.auto_created]
        asked = [name for name, home in self.slot_homes.items() if home == config.name]
        filled = [slot for slot, by in self.fillings if by == config.name and self.slot_homes[slot] != config.name]
        told = sorted({event.__name__ for event in self.events if package_of(event.__module__) == config.name})
        heard = [
            event.__name__ for event, function, _late in self.arrows if package_of(function.__module__) == config.name
        ]
        return Room(
            package=config.name,
            label=config.label,
            purpose=first_sentence(sys.modules[config.name].__doc__),
            stands_on=sorted(self.imports[config.name], key=self.floors.order().index),
            owns=[model.__name__ for model in models],
            tells=told,
            asks=sorted(asked),
            answers=sorted(set(filled)),
            listens=sorted(set(heard)),
        )

    @cached_property
    def modules(self) -> dict[str, ast.Module]:
        """The syntax trees of all our modules, migrations and tests aside."""
        found = {}
        for config in self.configs:
            for path in sorted(Path(config.path).rglob("*.py")):
                parts = path.relative_to(config.path).with_suffix("").parts
                if "migrations" not in parts:
                    name = ".".join([config.name, *(part for part in parts if part != "__init__")])
                    found[name] = ast.parse(path.read_text())
        return found

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """The other apps that each app imports, as packages."""
        found: dict[str, set[str]] = {config.name: set() for config in self.configs}
        for name, tree in self.modules.items():
            mine = package_of(name)
            found[mine] |= {package_of(other) for other in imported(tree) if package_of(other) in found} - {mine}
        return found

    @cached_property
    def slot_homes(self) -> dict[str, str]:
        """In which app each slot is declared."""
        labels = {config.label: config.name for config in self.configs}
        return {name: labels[name.split(".")[0]] for name in sorted(all_slots)}

    @cached_property
    def fillings(self) -> list[tuple[str, str]]:
        """Which app fills which slot: (slot name, package), read from the calls of `fill` and `filler`."""
        return sorted(
            {(slot.name, package_of(name)) for name, tree in self.modules.items() for slot in filled(name, tree)}
        )

    @property
    def arrows(self) -> list[tuple[type, Any, bool]]:
        """Every subscription: event, function, whether it waits for the commit."""
        return [(event, function, late) for event, rows in subscribers.items() for function, late in rows]

    @cached_property
    def events(self) -> list[type]:
        """The events that our apps declare, told or not."""
        found = []
        for config in self.configs:
            module = sys.modules.get(f"{config.name}.events")
            if module is not None:
                found += [
                    v for v in vars(module).values() if isinstance(v, type) and hasattr(v, "__dataclass_fields__")
                ]
        return found


def package_of(module: str) -> str:
    """`finance.payables.models` belongs to `finance.payables`."""
    return ".".join(module.split(".")[:2])


def first_sentence(text: str | None) -> str:
    """The first sentence of a docstring, on one line."""
    line = " ".join((text or "").strip().split("\n\n")[0].split())
    return line.split(". ")[0].rstrip(".") + "." if line else ""


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules of the house that a file imports, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in ROOTS)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOTS:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def filled(name: str, tree: ast.Module) -> Iterator[Slot[Any]]:
    """The slots that a module fills: `slot.fill(…)` or `@slot.filler(…)`."""
    if name not in sys.modules:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("fill", "filler"):
            value = _resolved(node.func.value, vars(sys.modules[name]))
            if isinstance(value, Slot):
                yield value


def _resolved(node: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_resolved(node.value, names), node.attr, None)
    return None


def the_map(house: House) -> str:
    """`docs/map.md`: one row per app, top floor first, planned rooms below."""
    rows = [
        "# The map",
        "",
        "Written by `manage.py map`; a test compares it with what runs. Upper rows may use lower rows, never the reverse:",
        "whoever is above tells a floor below by filling one of its slots, or by listening to its events.",
        "",
        "| app | purpose | stands on | owns | tells | asks (slots) | answers (slots of others) | listens to |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for room in house.rooms:
        lists = [[f"`{name}`" for name in room.stands_on], room.owns, room.tells]
        lists += [[f"`{name}`" for name in names] for names in (room.asks, room.answers)]
        lists += [room.listens]
        rows.append(f"| **{room.package}** | {room.purpose} | {' | '.join(', '.join(each) or '–' for each in lists)} |")
    planned = [name for name in house.floors.order() if name in house.floors.planned]
    rows += ["", f"Planned, not built yet: {', '.join(f'`{name}`' for name in planned)}.", ""]
    return "\n".join(rows)


def the_flows() -> str:
    """`docs/flows.md`: a diagram and a table for each document."""
    rows = [
        "# Flows",
        "",
        "Written by `manage.py flows`; a test compares it with what runs. A verb marked *system* is called by other verbs",
        "only: it has no button, no endpoint and no right of its own. *Not by* names people on the document who may not act.",
        "",
    ]
    for flow in flows():
        rows += _one_flow(flow)
    return "\n".join(rows)


def _one_flow(flow: Flow) -> list[str]:
    meta = flow.model._meta
    words = dict(meta.get_field("state").choices or [])  # type: ignore[union-attr]
    rows = [
        f"## {meta.verbose_name} (`{meta.label}`)",
        "",
        first_sentence(flow.model.__doc__),
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    rows += [f'  state "{word}" as {state}' for state, word in words.items()]
    rows += [f"  [*] --> {flow.start}"]
    for verb, arrow in flow.moves.items():
        rows += [f"  {source} --> {arrow.target or source}: {verb}" for source in arrow.sources]
    rows += ["```", "", "| verb | from | to | right | not by | what it does |", "| --- | --- | --- | --- | --- | --- |"]
    for verb, arrow in flow.moves.items():
        function = flow.functions.get(verb)
        cells = [
            f"`{verb}`",
            ", ".join(str(words[source]) for source in arrow.sources),
            str(words[arrow.target]) if arrow.target else "as before",
            "*system*" if arrow.system else f"`{flow.permission(verb)}`",
            ", ".join(str(meta.get_field(name).verbose_name) for name in arrow.apart) or "–",  # type: ignore[union-attr]
            first_sentence(function.__doc__) if function else "–",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return [*rows, ""]
