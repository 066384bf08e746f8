"""Tax codes as HMRC writes them: `S1257L M1`, `K475`, `BR`, `0T`, `SD2`, `NT`."""

import functools
import re
from dataclasses import dataclass

GRAMMAR = re.compile(
    r"(?P<country>[SC])?(?:K(?P<k>[1-9]\d{0,5})|(?P<digits>\d{1,6})(?P<letter>[LMNT])?|(?P<flat>BR|D[0-3]))"
    r"(?P<basis>W1/?M1|W1|M1|X)?"
)
NO_TAX = re.compile(r"NT(?P<basis>W1/?M1|W1|M1|X)?")


class Unreadable(ValueError):
    """This is no tax code."""


@dataclass(frozen=True, slots=True)
class TaxCode:
    """What a code says: whose rates, how much is free (or added, for K), or one rate for all."""

    text: str
    country: str  # "scotland" or "rest": Wales has the rates of England so far
    number: int = 0
    adds_to_pay: bool = False
    flat: str = ""
    no_tax: bool = False
    cumulative: bool = True


@functools.lru_cache(maxsize=4096)
def read(text: str) -> TaxCode:
    """The code in a text; blanks and case do not matter. Raises `Unreadable`."""
    spelt = "".join(text.split()).upper()
    if found := NO_TAX.fullmatch(spelt):
        return TaxCode(spelt, "rest", no_tax=True, cumulative=not found["basis"])
    found = GRAMMAR.fullmatch(spelt)
    if found is None:
        raise Unreadable(f"{text} is not a tax code.")
    is_scottish = found["country"] == "S"
    if found["flat"] in ("D2", "D3") and not is_scottish:
        raise Unreadable(f"{text}: {found['flat']} is a Scottish code and begins with S.")
    return TaxCode(
        spelt,
        "scotland" if is_scottish else "rest",
        number=int(found["k"] or found["digits"] or 0),
        adds_to_pay=bool(found["k"]),
        flat=found["flat"] or "",
        cumulative=not found["basis"],
    )
