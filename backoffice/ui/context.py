"""What every page needs around its content: the company in view."""

from typing import Any


def frame(request: Any) -> dict[str, Any]:
    """The company a person works in; the side bar itself is drawn by the `nav` tag."""
    return {"company": getattr(request, "company", None)}
