"""What programs call a row: documents and parties have a name of their own for that, the rest are called by their key."""

from typing import Any


def has_ref(model: Any) -> bool:
    """Whether rows of this model have a `ref`."""
    return any(field.name == "ref" for field in model._meta.concrete_fields)
