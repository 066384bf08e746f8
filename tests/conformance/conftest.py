"""Options of the runner, and its report: `pytest tests/conformance --cases DIR --cases-report FILE`."""

import json
from collections import defaultdict
from pathlib import Path

from tests.conformance.cases import HERE, load

RESULTS = defaultdict(list)  # domain: [(outcome, id, reason)]


def pytest_addoption(parser):
    group = parser.getgroup("conformance")
    group.addoption(
        "--cases", default=None, help="folder with JSON files of cases; default: the copies of the open set"
    )
    group.addoption("--cases-report", default=None, help="write the outcome as JSON to this file")


def pytest_generate_tests(metafunc):
    if "outside_case" in metafunc.fixturenames:
        cases = load(metafunc.config.getoption("--cases", default=None) or HERE)
        metafunc.parametrize("outside_case", cases, ids=[case["id"] for case in cases])


def summary():
    """Per domain: how many passed, failed, are unsupported; which failed, and why not supported."""
    found = {}
    for domain, rows in sorted(RESULTS.items()):
        counts = {word: sum(1 for row in rows if row[0] == word) for word in ("passed", "failed", "unsupported")}
        found[domain] = counts | {
            "failing": [row[1] for row in rows if row[0] == "failed"],
            "reasons": {row[1]: row[2] for row in rows if row[0] != "passed"},
        }
    return found


def pytest_terminal_summary(terminalreporter, config):
    if not RESULTS:
        return
    found = summary()
    terminalreporter.section("Conformance")
    for domain, row in found.items():
        words = f"{row['passed']} passed, {row['failed']} failed, {row['unsupported']} unsupported"
        terminalreporter.write_line(f"{domain}: {words}")
        for case, reason in row["reasons"].items():
            terminalreporter.write_line(f"  {case}: {reason}")
    if target := config.getoption("--cases-report", default=None):
        Path(target).write_text(json.dumps({"domains": found}, indent=1) + "\n")
