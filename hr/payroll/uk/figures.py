"""The figures that the pack ships: files, one a tax year, each figure with its source."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from hr.payroll.engine.parameters import Figure

FOLDER = Path(__file__).parent / "data"


def shipped() -> Iterator[Figure]:
    """All figures of all years, the earliest first; numbers stay text, so that nothing passes through a float."""
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text())
        for row in content["figure"]:
            yield Figure(row["code"], content["valid_from"], row["value"], row["source"])
