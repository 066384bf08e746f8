"""Reading cases and comparing answers: amounts as decimals, only what is asked, never as binary floats."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

HERE = Path(__file__).parent / "cases"


class Unsupported(Exception):
    """The product, or the adapter, does not offer what the case needs; the message names it."""


def load(folder):
    """All cases of a folder, in the order of files; each file is a JSON list."""
    found = []
    for path in sorted(Path(folder).glob("*.json")):
        content = json.loads(path.read_text())
        found += [case for case in content if isinstance(case, dict) and "steps" in case and "domain" in case]
    return found


def number(value):
    """The value as a decimal when it is one, else None; True and False are no numbers here."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def differences(wanted, got, tolerance=Decimal(0), where=""):
    """What is wrong with `got`, as sentences; only keys that `wanted` names are judged."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [f"{where or 'answer'} is {got!r}, not an object"]
        found = []
        for key, value in wanted.items():
            if key not in got:
                if value is None:
                    continue
                raise Unsupported(f"answer key {where}{key}")
            found += differences(value, got[key], tolerance, f"{where}{key}.")
        return found
    name = where.rstrip(".") or "answer"
    if isinstance(wanted, list):
        if not isinstance(got, list | tuple) or len(wanted) != len(got):
            return [f"{name} is {got!r}, wanted {wanted!r}"]
        return [
            word
            for place, (left, right) in enumerate(zip(wanted, got, strict=True))
            for word in differences(left, right, tolerance, f"{name}[{place}].")
        ]
    if wanted is None:
        return [] if got in (None, "", [], {}) else [f"{name} is {got!r}, wanted nothing"]
    left, right = number(wanted), number(got)
    if left is not None and right is not None:
        return [] if abs(left - right) <= tolerance else [f"{name} is {right}, wanted {left}"]
    return (
        []
        if wanted == (str(got) if isinstance(wanted, str) and not isinstance(got, bool) else got)
        else [f"{name} is {got!r}, wanted {wanted!r}"]
    )
