"""How a file of items is brought in, and the screens of rows that hang on an item."""

from typing import Any

from django.urls import reverse

from backoffice.ui.imports import FileForm
from backoffice.ui.screens import FormScreen
from inventory.catalogue import importing
from inventory.catalogue.models import ItemUnit


def bring(form: FileForm, *, by: Any, company: Any) -> tuple[str, int, list[str]]:
    """Bring in the items of a file."""
    file = form.cleaned_data["file"]
    number, problems = importing.bring(company, file.name, file.read(), by=by)
    return reverse("catalogue:item_list") + "?view=all", number, problems


class UnitFormScreen(FormScreen):
    """A further unit of an item; it leads back to the item."""

    model = ItemUnit

    def list_href(self) -> str:
        return reverse("catalogue:item_list")

    def result(self, document: Any) -> str:
        return str(document.item.get_absolute_url())
