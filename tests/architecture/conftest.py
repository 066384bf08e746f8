"""The import graph and the house, read once; and the list that is read aloud at each review."""

import ast
from pathlib import Path

import grimp
import pytest

from backoffice.core.apps import ROOTS
from backoffice.core.mapping import House

BASE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def house():
    return House()


@pytest.fixture(scope="session")
def graph():
    return grimp.build_graph(*ROOTS)


def pytest_terminal_summary(terminalreporter):
    """Files over 700 lines and functions over 70: told, not failed."""
    long = []
    for path in sorted(
        path for root in ROOTS for path in (BASE / root).rglob("*.py") if "migrations" not in path.parts
    ):
        text = path.read_text()
        name = path.relative_to(BASE)
        if (lines := text.count("\n")) > 700:
            long.append(f"{name}: {lines} lines")
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        sizes = [(node.name, node.end_lineno - node.lineno + 1) for node in functions]
        long += [f"{name}: {function} has {size} lines" for function, size in sizes if size > 70]
    if long:
        terminalreporter.section("Long files and functions, to be read aloud at the review")
        for line in long:
            terminalreporter.write_line(line)
