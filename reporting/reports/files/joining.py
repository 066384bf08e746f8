"""Joining PDFs into one: pages, the tags that screen readers need, bookmarks and page numbers.

pikepdf alone would drop the structure of every file but the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf


@dataclass(frozen=True)
class Part:
    """A file to be joined; a title makes a bookmark."""

    content: bytes
    title: str = ""


def join(parts: Sequence[Part], *, numbers: Callable[[int], bytes]) -> bytes:
    """One PDF of all parts in order; `numbers(count)` gives pages with the page numbers to lay over.

    The same parts give the same bytes.
    """
    with Pdf.open(BytesIO(parts[0].content)) as whole:
        starts = [0]
        for part in parts[1:]:
            starts.append(len(whole.pages))
            _append(whole, part.content)
        _bookmark(whole, [(p.title, start) for p, start in zip(parts, starts, strict=True) if p.title])
        _number(whole, numbers(len(whole.pages)))
        out = BytesIO()
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _append(whole: Pdf, content: bytes) -> None:
    with Pdf.open(BytesIO(content)) as part:
        start = len(whole.pages)
        whole.pages.extend(part.pages)
        if "/StructTreeRoot" in part.Root and "/StructTreeRoot" in whole.Root:
            _append_structure(whole, part, start)


def _append_structure(whole: Pdf, part: Pdf, start: int) -> None:
    """Hang the part's tags into the whole's tree, under parent numbers that are still free."""
    tree = whole.Root.StructTreeRoot
    added = whole.copy_foreign(part.Root.StructTreeRoot)
    numbers = _flat(tree.ParentTree)
    offset = 1 + max((int(key) for key in numbers[::2]), default=-1)
    for page in list(whole.pages)[start:]:
        for owner, key in [(page.obj, "/StructParents"), *((a, "/StructParent") for a in page.obj.get("/Annots", []))]:
            if key in owner:
                owner[key] = int(owner[key]) + offset
    extra = _flat(added.ParentTree)
    shifted = [int(v) + offset if i % 2 == 0 else v for i, v in enumerate(extra)]
    tree.ParentTree = whole.make_indirect(Dictionary(Nums=Array([*numbers, *shifted])))
    tree.ParentTreeNextKey = offset + 1 + max((int(key) for key in extra[::2]), default=-1)
    children = _as_list(added.K)
    for child in children:
        child.P = tree
    tree.K = Array([*_as_list(tree.K), *children])


def _flat(numbers: Any) -> list[Any]:
    """The pairs of a number tree, its branches unrolled."""
    if "/Kids" in numbers:
        return [value for kid in numbers.Kids for value in _flat(kid)]
    return list(numbers.get("/Nums", []))


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Array) else [value]


def _bookmark(whole: Pdf, entries: Sequence[tuple[str, int]]) -> None:
    with whole.open_outline() as outline:
        outline.root.clear()
        outline.root.extend(OutlineItem(title, page) for title, page in entries)


def _number(whole: Pdf, content: bytes) -> None:
    """Lay the page numbers over the pages, marked as no part of the text."""
    with Pdf.open(BytesIO(content)) as numbers:
        for place, (page, number) in enumerate(zip(whole.pages, numbers.pages, strict=True)):
            form = whole.copy_foreign(number.as_form_xobject())
            if "/StructParents" in form:
                del form["/StructParents"]
            # Pages of one part share their resources, so each number needs a name of its own.
            name = page.add_resource(form, Name.XObject, Name(f"/PageNumber{place}"))
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(b"\nQ\n/Artifact BMC\nq %s Do Q\nEMC\n" % str(name).encode())
