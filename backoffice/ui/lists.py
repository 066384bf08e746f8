"""The list: rows of a model with views, filters, sort, pages, sums, files and verbs for several rows."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from backoffice.core.authority import authority
from backoffice.ui import listing, paging, walking
from backoffice.ui.exporting import csv_lines, xlsx_bytes
from backoffice.ui.forms import new_key
from backoffice.ui.models import SavedView
from backoffice.ui.screen import Screen, back

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


DENSITIES = [
    ("compact", "S", _lazy("Small rows")),
    ("normal", "M", _lazy("Medium rows")),
    ("roomy", "L", _lazy("Large rows")),
]


class ListScreen(Screen):
    """Rows of a model as a table with views, filters, sort, pages, sums, files and bulk verbs.

    `views` narrow the list (the first is the default); `create_url` names the form for a new row;
    `verbs` are offered for selected rows; `links` (user → list of `listing.Link`) are further buttons.
    """

    table: Any = None
    filters: Any = None
    views: Sequence[listing.View] = ()
    default_view: str = ""
    create_url: str = ""
    create_label: Any = ""
    verbs: Sequence[str] = ()
    links: Callable[[Any], list[listing.Link]] | None = None
    page_size: int = 50
    empty_text: Any = ""

    @cached_property
    def view_key(self) -> str:
        wanted = self.request.GET.get("view", "")
        known = [view.key for view in self.views]
        return wanted if wanted in known else self.default_view or (known[0] if known else "")

    @property
    def view_words(self) -> str:
        """The view in the words that stand behind "2 of 15"; nothing for all rows."""
        view = next((each for each in self.views if each.key == self.view_key and each.where), None)
        return str(view.label).lower() if view else ""

    @cached_property
    def filterset(self) -> Any:
        return (
            self.filters(self.request.GET, queryset=self.in_view(self.view_key), request=self.request)
            if self.filters
            else None
        )

    def in_view(self, key: str) -> Any:
        """The rows of one view."""
        view = next((each for each in self.views if each.key == key), None)
        rows = self.drawn.prepare(self.rows(), self.request.user)
        return view.narrow(rows, self.request.user) if view else rows

    @cached_property
    def drawn(self) -> Any:
        return self.table(self.model)

    def narrowed(self) -> Any:
        """The rows of view and filters, unordered."""
        if self.filterset is None:
            return self.in_view(self.view_key)
        return self.filterset.qs

    def ordered(self) -> tuple[Any, str]:
        """The rows in the order of the address, which may only name sortable columns."""
        wanted = self.request.GET.get("sort", "")
        path = self.drawn.sortable().get(wanted.lstrip("-"))
        if not path:
            return self.narrowed().order_by(*self.drawn.order), ""
        sign = "-" if wanted.startswith("-") else ""
        return self.narrowed().order_by(*(f"{sign}{part}" for part in path.split(",")), f"{sign}pk"), wanted

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        default = None if request.GET or not self.saved else next((v for v in self.saved if v.is_default), None)
        if default:
            return HttpResponseRedirect(f"{request.path}?{default.query}")
        match request.GET.get("part"), request.GET.get("export"):
            case "sums", _kind:
                return self.sums()
            case "counts", _kind:
                return render(request, "ui/_views.html", {**self.view_context(count=True), "counted": True})
            case _part, "csv" | "xlsx" as kind:
                return self.export(kind)
        return self.answer("ui/list.html", "ui/_list.html", self.context())

    def context(self) -> dict[str, Any]:
        rows, sort = self.ordered()
        query, table = self.request.GET, self.drawn
        bulk = listing.bulk_verbs(self.model, self.verbs, self.request.user)
        if table.keyset and not sort:
            page = paging.by_key(table, rows, query.get("after", ""), query.get("page", ""), self.page_size)
        else:
            page = paging.by_number(table, rows, query.get("page", "1"), self.page_size)
        walking.remember(self.request, self.model, self.view_words, [row[0] for row in page.rows])
        frame = self.request.path + listing.without(query, "page", "after", "part")
        create = self.create_url and self.request.user.has_perm(
            f"{self.model._meta.app_label}.add_{self.model._meta.model_name}"
        )
        return {
            **self.view_context(),
            "title": self.heading(),
            "crumbs": self.where((self.heading(), "")),
            "columns": table.shown,
            "thead": table.head_html(
                sort,
                self.request.path + listing.without(query, "page", "after", "sort"),
                select=bool(bulk),
                n=len(page.rows),
            ),
            "rows_html": table.rows_html(page.rows, select=bool(bulk)) if page.rows else "",
            "has_sums": True,
            "sort": query.get("sort", ""),
            "bulk_verbs": bulk,
            "idempotency_key": new_key(),
            "create_href": reverse(self.create_url) if create else "",
            "create_label": self.create_label or _("New %s") % self.model._meta.verbose_name,
            "links": self.links(self.request.user) if self.links else [],
            "can_export": bool(page.rows),
            "export_href": self.request.path + listing.without(query, "page", "after", "part"),
            "first_row": page.first_row,
            "last_row": page.last_row,
            "page_number": page.number,
            "page_size": page.size,
            "densities": DENSITIES,
            "prev_href": frame + page.previous if page.previous else "",
            "next_href": frame + page.following if page.following else "",
            **self.filter_context(),
        }

    def filter_context(self) -> dict[str, Any]:
        """The search box, the chips, the fields of the filter menu and the words of an empty list."""
        form = self.filterset.form if self.filterset else None
        problems = (
            "; ".join(f"{form.fields[n].label}: {e[0]}" for n, e in form.errors.items() if n in form.fields)
            if form
            else ""
        )
        chips = listing.chips(self.filterset, self.request.GET, self.request.path) if form else []
        words = self.request.GET.get("q", "")
        if words or chips:
            text = (
                _("Nothing contains “%s”.") % words
                if words
                else str(self.empty_text or _("There is nothing here yet."))
            )
            empty = {"icon": "search", "title": _("Nothing matches"), "text": text}
        else:
            empty = self.empty_words()
        return {
            "search_field": form["q"] if form and "q" in form.fields else None,
            "filter_fields": [form[name] for name in form.fields if name != "q"] if form else [],
            "filter_errors": problems,
            "chips": chips,
            "query_text": words,
            "empty": empty,
        }

    def empty_words(self) -> dict[str, Any]:
        """That there is nothing, and how it fills; a view that is empty says so and leads to the whole list."""
        own = str(self.empty_text)
        view = next((each for each in self.views if each.key == self.view_key and each.where), None)
        whole = next((each for each in self.views if each.where is None), None)
        if view is None or whole is None:
            return {"icon": "inbox", "title": _("Nothing here"), "text": own or _("There is nothing here yet.")}
        said = _("This view is empty; “%s” shows the whole list.") % whole.label
        title = _("Nothing here under “%s”") % view.label
        href = f"{self.request.path}?view={whole.key}"
        return {"icon": "inbox", "title": title, "text": f"{said} {own}".strip(), "all_href": href}

    @cached_property
    def saved(self) -> list[SavedView]:
        return list(SavedView.objects.filter(user=self.request.user.pk, address=self.request.path))

    def view_context(self, *, count: bool = False) -> dict[str, Any]:
        """The saved and ready-made views; counts only in the second request."""
        query = listing.without(self.request.GET, "page", "after", "part").strip("?&")
        shown = listing.shown_views(self.views, self.view_key, self.request.path, self.saved, query)
        if count:
            for view, item in zip(self.views, shown, strict=False):
                item.count = self.in_view(view.key).order_by().count() if view.count else None
        own = next((row for row in self.saved if row.query == query), None)
        narrowed = any(
            name not in ("view", "page", "after", "part", "export") and value
            for name, value in self.request.GET.items()
        )
        return {
            "views": shown,
            "path": self.request.path,
            "query": query,
            "differs": narrowed and own is None,
            "saved_view": own,
            "view_key": self.request.GET.get("view", ""),
            "here": f"{self.request.path}?{query}" if query else self.request.path,
            "here_join": "&" if query else "?",
        }

    def sums(self) -> HttpResponse:
        """The foot of the table: this page and all that was found, counted and added up now."""
        rows, sort = self.ordered()
        bulk, table = bool(listing.bulk_verbs(self.model, self.verbs, self.request.user)), self.drawn
        every = table.all_sums(rows)
        pieces = []
        if table.totalled() and every.rows > self.page_size and not (table.keyset and not sort):
            number = self.request.GET.get("page", "1")
            page = paging.by_number(table, rows, number, self.page_size)
            sums = table.page_sums(page.rows)
            pieces.append(
                table.sum_row(
                    _("This page, %(n)s %(what)s") % {"n": f"{sums.rows:,}", "what": table.many}, sums, select=bulk
                )
            )
        what = table.one if every.rows == 1 else table.many
        pieces.append(
            table.sum_row(_("All %(n)s %(what)s") % {"n": f"{every.rows:,}", "what": what}, every, select=bulk)
        )
        return render(self.request, "ui/_sums.html", {"pieces": pieces})

    def export(self, kind: str) -> HttpResponse | StreamingHttpResponse:
        """The same rows in the same order as a file."""
        rows, _sort = self.ordered()
        table, name = self.drawn, slugify(self.heading()) or "rows"
        if kind == "csv":
            response: Any = StreamingHttpResponse(csv_lines(table.headings(), table.records(rows)), content_type=CSV)
        else:
            response = HttpResponse(
                xlsx_bytes(self.heading(), table.headings(), table.records(rows)), content_type=XLSX
            )
        response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A bulk verb on the rows whose ids were sent."""
        verb, ids = request.POST.get("verb", ""), request.POST.getlist("ids")[:500]
        if verb not in self.verbs:
            raise Http404
        if denied := authority.only.refusal(request.user, self.model.flow.permission(verb), None):
            raise denied
        outcome = listing.perform_all(self.model, verb, ids, by=request.user)
        label = self.model.flow.label(verb)
        text = _("%(verb)s: %(done)s of %(all)s done.") % {"verb": label, "done": outcome.done, "all": len(ids)}
        messages.add_message(
            request, messages.WARNING if outcome.problems else messages.SUCCESS, " ".join([text, *outcome.problems[:5]])
        )
        return HttpResponseRedirect(back(request, request.path))
