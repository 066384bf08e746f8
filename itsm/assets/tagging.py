"""Tags: A-00042 on the sticker, given once by a counter of the company."""

import re

from django.db import connection
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company

TAKE = """
INSERT INTO assets_tags (company_id, last) VALUES (%(company)s, %(n)s)
ON CONFLICT (company_id) DO UPDATE SET last = assets_tags.last + %(n)s
RETURNING last
"""


def take(company: Company, n: int) -> list[str]:
    """The next tags of a company, as many as asked."""
    if n < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"company": company.pk, "n": n})
        last = int(cursor.fetchone()[0])
    return [f"A-{number:05d}" for number in range(last - n + 1, last + 1)]


def read(scanned: str) -> str:
    """The tag in what was scanned or typed: the sticker's code is an address that ends in the tag.

    Raises `Refused` when nothing is there.
    """
    tag = scanned.strip().rstrip("/").rsplit("/", 1)[-1].upper()
    if not tag:
        raise Refused(_("Scan a sticker, or type its tag."), code="tag")
    return f"A-{int(tag):05d}" if tag.isdigit() and len(tag) <= 5 else tag


def is_counted(tag: str) -> bool:
    """Whether the counter gives tags of this form."""
    return re.fullmatch(r"A-\d{5,}", tag) is not None
