"""The file with the headings of items, and the screens of rows that hang on an item."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from backoffice.ui.screen import Screen
from backoffice.ui.screens import FormScreen
from inventory.catalogue import importing
from inventory.catalogue.forms import ImportForm
from inventory.catalogue.models import Item, ItemUnit


def bring(form: ImportForm, *, by: Any, company: Any) -> tuple[str, int, list[str]]:
    """Bring in the items of a file."""
    file = form.cleaned_data["file"]
    number, problems = importing.bring(company, file.name, file.read(), by=by)
    return reverse("catalogue:item_list") + "?view=all", number, problems


class TemplateScreen(Screen):
    """The file with headings and an example."""

    model = Item
    action = "add"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(importing.template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="items.csv"'
        return response


class UnitFormScreen(FormScreen):
    """A further unit of an item; it leads back to the item."""

    model = ItemUnit

    def list_href(self) -> str:
        return reverse("catalogue:item_list")

    def result(self, document: Any) -> str:
        return str(document.item.get_absolute_url())
