"""Sheets on paper: PDF by WeasyPrint, tagged for screen readers, long tables in chunks.

The renderer may fetch nothing but our own style sheet and fonts: its default fetcher follows links
in the text to any address and any file of the server.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from backoffice.core.errors import Refused
from reporting.reports.defining import Row, Sheet
from reporting.reports.drawing import print_bars, print_table
from reporting.reports.files import joining

HERE = "https://static.invalid/"  # never asked: the fetcher answers for it from the static files
SERVED = {
    "css/print.css": "text/css",
    "fonts/inter-var-latin.woff2": "font/woff2",
    "fonts/inter-var-latin-ext.woff2": "font/woff2",
}
CHUNK = 500  # rows: about 1.4 s and 95 MB of memory
# Subsets of fonts carry the time of their making; with a fixed one the same sheet gives the same bytes.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
MOST = 10_000  # rows of one file; beyond it a spreadsheet serves better


class OwnFilesOnly(URLFetcher):
    """Serves our style sheet and fonts by name and refuses everything else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(HERE)
        if not url.startswith(HERE) or name not in SERVED:
            raise ValueError(f"Paper may not fetch {url}.")
        return URLFetcherResponse(url, _static(name), {"Content-Type": SERVED[name]})


@dataclass(frozen=True)
class Provenance:
    """What stands in the head and the foot of every page; `{source}` in the foot becomes what the sheet was made from."""

    organisation: str
    mark: str
    foot: str

    def foot_of(self, sheet: Sheet) -> str:
        """The foot with the number of entries behind one sheet."""
        words = _("from %(number)s posted entries") % {"number": f"{sheet.entries:,}"}
        return self.foot.replace("{source}", words if sheet.entries else "").replace("  ", " ")


def pdf_file(sheets: Sequence[Sheet], provenance: Provenance) -> bytes:
    """One PDF of all sheets, each beginning on a new page.

    Raises `Refused` when there are more rows than paper is good for.
    """
    rows = sum(len(sheet.paper_rows) for sheet in sheets)
    if rows > MOST:
        raise Refused(
            _("%(rows)s rows are too many for a PDF (%(most)s at most): take XLSX or CSV.")
            % {"rows": f"{rows:,}", "most": f"{MOST:,}"},
            code="rows",
        )
    chunks = [(sheet, list(_chunks(sheet.paper_rows))) for sheet in sheets]
    is_whole = len(chunks) == 1 and len(chunks[0][1]) == 1
    parts = [
        joining.Part(_render(sheet, part, provenance, is_first=not i, is_whole=is_whole), sheet.title if not i else "")
        for sheet, pieces in chunks
        for i, part in enumerate(pieces)
    ]
    return parts[0].content if is_whole else joining.join(parts, numbers=_page_numbers)


def _chunks(rows: list[Row]) -> Iterator[list[Row]]:
    yield rows[:CHUNK]
    for start in range(CHUNK, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _render(sheet: Sheet, rows: list[Row], provenance: Provenance, *, is_first: bool, is_whole: bool) -> bytes:
    html = render_to_string(
        "print/report.html",
        {
            "sheet": sheet,
            "table": print_table(sheet, rows),
            "chart": print_bars(sheet.chart) if is_first and sheet.chart else "",
            "organisation": provenance.organisation,
            "mark": provenance.mark,
            "provenance": provenance.foot_of(sheet),
            "is_first": is_first,
            "is_whole": is_whole,
        },
    )
    return write(html)


def write(html: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of a page of HTML in the style of our paper."""
    page = HTML(string=html, base_url=HERE, url_fetcher=OwnFilesOnly())
    return page.write_pdf(stylesheets=[_style()], font_config=_fonts(), pdf_variant="pdf/ua-1")


def _page_numbers(count: int) -> bytes:
    """Empty pages that carry only "Page 3 of 17", to be laid over joined files."""
    return write(render_to_string("print/numbers.html", {"pages": range(count)}))


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style() -> CSS:
    return CSS(url=f"{HERE}css/print.css", font_config=_fonts(), url_fetcher=OwnFilesOnly())


@cache
def _static(name: str) -> bytes:
    path = finders.find(name) or Path(settings.STATIC_ROOT) / name
    return Path(str(path)).read_bytes()
