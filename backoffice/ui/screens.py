"""The kinds of screens beside the list: document, form, verb, import. Each is a declaration in `urls.py`.

All of them ask the same two questions: is the row visible to this person, and may they do this.
Out of scope is 404, no right is 403 with its reason, closed now is 409, not readable is 422.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Conflict, Refused
from backoffice.core.flow import drawn
from backoffice.ui import clashes, drafts, listing, saving, walking
from backoffice.ui.acting import actions, in_front, verb_href
from backoffice.ui.forms import ReasonForm, new_key
from backoffice.ui.imports import ImportScreen
from backoffice.ui.lists import ListScreen
from backoffice.ui.panels import Panel, draw
from backoffice.ui.screen import Screen, back, said, with_pointed
from backoffice.ui.sending import once, sent_before
from backoffice.ui.slots import panels_for

__all__ = ["DocumentScreen", "FormScreen", "ImportScreen", "ListScreen", "ReasonForm", "VerbScreen"]


class DocumentScreen(Screen):
    """One document: number, state, verbs with their reasons, steps and panels.

    `steps(document, user)` gives the stepper; `edit_url` names the form, open while `editable` gives no reason;
    `asking` names verbs whose screen has a form; `joins` are relations that are read with the document besides its own.
    """

    panels: Sequence[type[Panel]] = ()
    steps: Callable[[Any, Any], list[Any]] | None = None
    edit_url: str = ""
    asking: Sequence[str] = ()
    links: Callable[[Any, Any], list[listing.Link]] | None = None
    joins: Sequence[str] = ()

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return show(self, self.found(pk))

    def all_rows(self) -> Any:
        """The rows with what they point to, since a page names most of it."""
        return with_pointed(super().all_rows(), *self.joins)

    def context(self, document: Any) -> dict[str, Any]:
        user = self.request.user
        kinds: list[Any] = sorted([*self.panels, *panels_for(self.model)], key=lambda kind: kind.order)
        parts = draw(kinds, document, self.request)
        verbs = actions(document, user, asking=frozenset(self.asking))
        shown = in_front(verbs)
        may_edit = self.edit_url and user.has_perm(f"{self.model._meta.app_label}.change_{self.model._meta.model_name}")
        title = str(getattr(document, "title", document))
        return {
            "document": document,
            "title": title,
            "subtitle": str(document).removesuffix(title).strip(),  # what the heading says is not said twice
            "crumbs": self.where(self.list_crumb(), (_short(document, title), "")),
            "actions": verbs,
            "shown": shown,
            "more": [action for action in verbs if not action.reason and action not in shown],
            "steps": self.steps(document, user) if self.steps else [],
            "main": [panel for panel in parts if not panel.side],
            "side": [panel for panel in parts if panel.side],
            "edit_href": reverse(self.edit_url, args=[document.pk])
            if may_edit and not not_editable(document, user)
            else "",
            "links": self.links(document, user) if self.links else [],
        }


def show(screen: Any, document: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw a document screen; `more` may carry the reason why a verb was refused."""
    with drawn(document):
        context = screen.context(document)
    context = {
        "path": screen.request.path,
        **context,
        **walking.neighbours(screen.request, document),
        **more,
    }
    return render(screen.request, "ui/document.html", context, status=status)


def _short(document: Any, title: str) -> str:
    """The last crumb: 04817 of BILL-2026-04817, E-0318 whole; without a number the document's name."""
    if not hasattr(document, "number"):
        return title
    parts = str(document.number or "").split("-")
    return parts[-1] if len(parts) > 2 else document.number or str(document)


def not_editable(document: Any, user: Any) -> Exception | None:
    """Why a document can't be edited now: only what has not left its first state may change."""
    flow = getattr(document, "flow", None)
    if flow is None or document.state == flow.start:
        return None
    words = {"document": document, "state": document.get_state_display().lower()}
    return Refused(_("%(document)s is %(state)s and can't be edited.") % words, code="state")


class FormScreen(Screen):
    """A form for a new row, or with `pk` in the address for an existing one, with lines where `lines` is a formset.

    `then` names a verb that a second button performs right after saving ("Save and send for approval").
    `store(document, lines, removed, by=)` writes; `initial(request)` suggests; `private` keeps typing out of the
    browser. `check(form, lines)` may add errors that need both. `saves` is the word on the button where it is not Save.
    """

    form_class: Any = None
    lines: Any = None
    then: str = ""
    saves: Any = ""
    store: Callable[..., Any] = staticmethod(saving.stored)
    initial: Callable[[HttpRequest], dict[str, Any]] | None = None
    check: Callable[[Any, Any], None] | None = None
    editable: Callable[[Any, Any], Exception | None] = staticmethod(not_editable)
    private: bool = False
    document: Any = None

    def right(self) -> str:
        action = "change" if "pk" in self.kwargs else "add"
        return self.permission or f"{self.model._meta.app_label}.{action}_{self.model._meta.model_name}"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.company = request.company  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def load(self) -> Any:
        """The row of the address if it may be changed by this person, else a new one."""
        if "pk" not in self.kwargs:
            return self.model()
        document = self.found(self.kwargs["pk"])
        if denied := authority.only.refusal(self.request.user, self.right(), document):
            raise denied
        if reason := self.editable(document, self.request.user):
            raise reason
        self.company = getattr(document, "company", None) or self.company
        return document

    def forms(self, document: Any, data: Any = None, files: Any = None) -> tuple[Any, Any]:
        """The form and its lines, bound when there is data."""
        who = {"user": self.request.user, "company": self.company}
        suggested = self.initial(self.request) if self.initial and document.pk is None else None
        form = self.form_class(data, files, instance=document, initial=suggested, **who)
        rows = self.lines(data, files, instance=document, prefix="lines", **who) if self.lines else None
        return form, rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = self.load()
        draft = drafts.kept(request.user, request.path)
        if draft and request.GET.get("draft") == "take":
            data = drafts.as_posted(draft)
            form, lines = self.forms(document, data or None)
            silence(form, lines)
            return self.page(document, form, lines)
        return self.page(document, *self.forms(document), draft=draft)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("draft") == "drop":
            drafts.drop(request.user, request.path)
            return self.go(request.path)
        if first := sent_before(request.user, request.POST.get("idempotency_key", "")):
            return self.go(first)
        document = self.load()
        version = _version(request)
        if document.pk and version is not None and getattr(document, "version", version) != version:
            return self.clash(document)
        form, lines = self.forms(document, request.POST, request.FILES)
        return self.save(document, form, lines, version)

    def save(self, document: Any, form: Any, lines: Any, version: int | None) -> HttpResponse:
        """Store what is right, or show the same values with what is wrong."""
        request = self.request
        valid = form.is_valid() & (lines is None or lines.is_valid())
        if valid and self.check:
            self.check(form, lines)
            valid = form.is_valid() and (lines is None or lines.is_valid())
        if not valid:
            return self.page(document, form, lines, status=422)
        verb = self.then if request.POST.get("then") == "go" else ""
        who = {"by": request.user, "company": self.company, "version": version}

        def work() -> str:
            made = saving.save(form, lines, store=self.store, **who)
            if verb:
                self.model.flow.perform(type(made).objects.get(pk=made.pk), verb, by=request.user)
            return self.result(made)

        try:
            with saving.whole(form, lines):
                location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Conflict:
            return self.clash(self.load())
        except (Refused, PermissionDenied) as reason:
            return self.page(
                document, form, lines, refusal=str(reason), status=409 if isinstance(reason, Refused) else 403
            )
        except ValidationError as error:
            return self.page(document, form, lines, refusal=said(error), status=422)
        drafts.drop(request.user, request.path)
        messages.success(request, _("Saved."))
        return self.go(location)

    def result(self, document: Any) -> str:
        """Where the person goes after saving: the document's page, or the list."""
        return document.get_absolute_url() if hasattr(document, "get_absolute_url") else self.list_href()

    def clash(self, document: Any) -> HttpResponse:
        """Somebody else saved meanwhile: merge, and ask for what both changed."""
        request, data = self.request, self.request.POST.copy()
        mine, _lines = self.forms(document, data, request.FILES)
        current, stored = self.forms(document)
        values, clash = clashes.merge(mine, current, data.get("was", ""), data)
        if stored is not None:
            clashes.merge_lines(data, stored, data.get("was", ""), clash)
        for name, value in values.items():
            data[name] = value
            data.pop(f"{name}-text", None)
        form, lines = self.forms(document, data, request.FILES)
        if not clash.rows:
            return self.save(document, form, lines, document.version)
        who, when = getattr(document, "changed_by", ""), getattr(document, "changed_at", None)
        clash.words = _("%(who)s saved this at %(at)s, while you were editing.") % {
            "who": who,
            "at": f"{when:%H:%M}" if when else "",
        }
        clash.theirs_href = self.result(document)
        silence(form, lines)
        return self.page(document, form, lines, clash=clash, status=409, fresh=False)

    def page(
        self, document: Any, form: Any, lines: Any, *, status: int = 200, fresh: bool = True, **more: Any
    ) -> HttpResponse:
        """The form as a page; htmx gets the form alone."""
        posted, name = self.request.POST, str(self.model._meta.verbose_name)
        was = clashes.opened_values(*self.forms(self.model() if not document.pk else self.found(document.pk)))
        keep_opened = status != 200 and fresh
        buttons = [
            {
                "value": "keep",
                "label": _("Keep draft") if self.then else self.saves or _("Save"),
                "icon": "save",
                "key": "ctrl+s",
                "key_words": "Ctrl S",
                "primary": not self.then,
            }
        ]
        if self.then:
            label, icon = self.model.flow.label(self.then), self.model.flow.moves[self.then].icon
            buttons.append(
                {
                    "value": "go",
                    "label": label,
                    "icon": icon,
                    "key": "ctrl+enter",
                    "key_words": "Ctrl Enter",
                    "primary": True,
                }
            )
        title = str(self.title) or (str(getattr(document, "title", document)) if document.pk else _("New %s") % name)
        crumb = (
            [(str(document), self.result(document))] if document.pk and hasattr(document, "get_absolute_url") else []
        )
        context = {
            "document": document,
            "form": form,
            "lines": lines,
            "title": title,
            "crumbs": self.where(self.list_crumb(), *crumb, (_("Edit") if document.pk else _("New"), "")),
            "version": posted.get("version", "") if keep_opened else getattr(document, "version", ""),
            "was": posted.get("was", was) if keep_opened else was,
            "idempotency_key": new_key()
            if status in (200, 409) or "idempotency_key" not in posted
            else posted["idempotency_key"],
            "draft_href": reverse("ui:draft", args=[self.request.path.strip("/")]),
            "back_href": self.result(document) if document.pk else self.list_href(),
            "buttons": buttons,
            "private": self.private,
            **more,
        }
        return self.answer("ui/form.html", "ui/_form.html", context, status=status)


class VerbScreen(Screen):
    """Performs a verb: POST acts, GET asks first where the verb has a form in `forms` or a `confirm` text.

    `details(verb, document)` gives further arguments of the verb, such as the day.
    """

    forms: Mapping[str, Any] = {}
    details: Callable[[str, Any], dict[str, Any]] | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        move = self.model.flow.moves.get(kwargs["verb"])
        if move is None or move.system:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def verb(self) -> str:
        return str(self.kwargs["verb"])

    def right(self) -> str:
        return str(self.permission or self.model.flow.permission(self.verb))

    def form(self, document: Any, data: Any = None, files: Any = None) -> Any:
        """The verb's form, or None."""
        kind = self.forms.get(self.verb)
        company = getattr(document, "company", None)
        return kind(data, files, user=self.request.user, company=company) if kind else None

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        document = self.found(pk)
        reason = self.model.flow.why_not(document, request.user, self.verb)
        if isinstance(reason, PermissionDenied):
            raise reason
        return self.ask(document, self.form(document), refusal=str(reason or ""), status=409 if reason else 200)

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        document = self.found(pk)
        form = self.form(document, request.POST, request.FILES)
        if form is not None and not form.is_valid():
            return self.ask(document, form, status=422)
        details = {**(self.details(self.verb, document) if self.details else {}), **(form.cleaned_data if form else {})}
        location = back(request, self.result(document))
        flow, version = self.model.flow, _version(request)

        def work() -> str:
            flow.perform(document, self.verb, by=request.user, version=version, **details)
            return location

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.refused(document, form, str(reason))
        except ValidationError as error:
            return self.refused(document, form, said(error))
        done = flow.moves[self.verb].done or flow.label(self.verb).lower()
        messages.success(request, _("%(document)s: %(done)s.") % {"document": document, "done": done})
        return self.go(location)

    def refused(self, document: Any, form: Any, reason: str) -> HttpResponse:
        """Say why, where the person stands: in the dialog, else on a page that leads back."""
        return self.ask(self.found(document.pk), form, refusal=reason, status=409)

    def ask(self, document: Any, form: Any, *, status: int = 200, refusal: str = "") -> HttpResponse:
        """The question as a page, or as the content of a dialog."""
        flow, move = self.model.flow, self.model.flow.moves[self.verb]
        label = flow.label(self.verb).rstrip("…")
        context = {
            "document": document,
            "form": form,
            "title": label,
            "crumbs": self.where(self.list_crumb(), (str(document), self.result(document)), (label, "")),
            "question": _("%(verb)s: %(document)s") % {"verb": label, "document": document},
            "confirm": move.confirm,
            "label": label,
            "icon": move.icon,
            "danger": move.danger,
            "action_href": verb_href(document, self.verb) or self.request.path,
            "back_href": self.result(document),
            "version": self.request.POST.get("version", getattr(document, "version", ""))
            if status == 422
            else getattr(document, "version", ""),
            "idempotency_key": new_key(),
            "in_dialog": bool(self.request.headers.get("HX-Request")),
            "refusal": refusal,
        }
        return self.answer("ui/verb.html", "ui/_verb.html", context, status=status)

    def result(self, document: Any) -> str:
        return document.get_absolute_url() if hasattr(document, "get_absolute_url") else self.list_href()


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def silence(form: Any, lines: Any) -> None:
    """Show typed values without judging them yet: a draft that is taken up, a clash that is asked about."""
    form.full_clean()
    form._errors = type(form.errors)()
    if lines is not None:
        lines.full_clean()
        lines._errors = [{} for _form in lines.forms]
        lines._non_form_errors = lines.error_class()
        for each in lines.forms:
            each._errors = type(form.errors)()
