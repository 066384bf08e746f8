"""Papers and comments of a document, overrides, and the auditor's history."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backoffice.access import overriding
from backoffice.audit.models import Change
from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.documents import attaching, queries, wording
from backoffice.documents.forms import OverrideForm
from backoffice.documents.models import Attachment, Document
from backoffice.ui.forms import new_key
from backoffice.ui.panels import Fact
from backoffice.ui.screens import ListScreen
from backoffice.ui.sending import once


@login_required
@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, to whoever may see its document; always as a download, never to be run by the browser."""
    found = get_object_or_404(Attachment, pk=pk)
    if found.document is None or not attaching.may_see(found.document, request.user):
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Disposition"] = _as_download(found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _as_download(name: str) -> str:
    return str(content_disposition_header(as_attachment=True, filename=name))


@login_required
@require_POST
def attach(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Keep the files that were chosen; one that is refused does not stop the others."""
    document = _document(request, label, pk)
    kept = 0
    for file in request.FILES.getlist("files")[:20]:
        try:
            if file.size and file.size > attaching.LARGEST:
                raise Refused(_("%(name)s is larger than 20 MB.") % {"name": file.name}, code="large")
            attaching.attach(document, name=file.name or "", content=file.read(), by=request.user)
            kept += 1
        except Refused as reason:
            messages.error(request, str(reason))
    if kept:
        words = _("%(document)s: the file is attached.") if kept == 1 else _("%(document)s: %(n)s files are attached.")
        messages.success(request, words % {"document": document, "n": kept})
    return HttpResponseRedirect(document.get_absolute_url())


@login_required
@require_POST
def comment(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Add a comment to a document."""
    document = _document(request, label, pk)
    try:
        attaching.comment(document, text=request.POST.get("text", ""), by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(document.get_absolute_url())


def _document(request: HttpRequest, label: str, pk: int) -> Any:
    """The document of an address if this person may see it, else 404."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not issubclass(model, Document):
        raise Http404
    found = model._default_manager.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
def override_new(request: HttpRequest) -> HttpResponse:
    """Let two duties fall together on one document: never for oneself, always with a reason and an end."""
    if denied := authority.only.refusal(request.user, "access.add_override", None):
        raise denied
    form = OverrideForm(request.POST or None, initial={"document": request.GET.get("of", "")}, user=request.user)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def work() -> str:
            overriding.grant(
                values["document"],
                values["verb"],
                to=values["to"],
                by=request.user,  # type: ignore[arg-type]
                reason=values["reason"],
                lasts=form.lasts,
            )
            return reverse("documents:override_list")

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            messages.success(request, _("The override is granted."))
            return HttpResponseRedirect(location)
    context = {
        "title": _("Grant an override"),
        "crumbs": [(_("Overrides"), reverse("documents:override_list")), (_("New"), "")],
        "form": form,
        "refusal": refusal,
        "path": request.path,
        "idempotency_key": new_key(),
    }
    return render(
        request, "backoffice/documents/override_new.html", context, status=422 if form.errors or refusal else 200
    )


class OverrideList(ListScreen):
    """The overrides, for those who grant or audit them, within their companies."""

    def rows(self) -> Any:
        return queries.overrides_seen(self.request.user)

    def context(self) -> dict[str, Any]:
        found = super().context()
        if self.request.user.has_perm("access.add_override"):
            found |= {"create_href": reverse("documents:override_new"), "create_label": _("Grant an override")}
        return found


class ActList(ListScreen):
    """What people did, within the companies whose history this person may read."""

    def rows(self) -> Any:
        return queries.acts_seen(self.request.user)


class ChangeList(ListScreen):
    """What was written, within the companies whose history this person may read."""

    def rows(self) -> Any:
        return queries.changes_seen(self.request.user)


@login_required
@require_GET
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One act with everything that its transaction wrote, before and after."""
    if denied := authority.only.refusal(request.user, "audit.view_act", None):
        raise denied
    found = get_object_or_404(queries.acts_seen(request.user).select_related("by"), pk=pk)
    written = queries.written_with(found, request.user) if request.user.has_perm("audit.view_change") else []
    document = _known(found.content_type_id, found.object_id)
    facts = [
        Fact(_("What"), found.verb.replace("_", " ")),
        Fact(_("Document"), document or f"#{found.object_id}", href=_href(document)),
        Fact(_("By"), found.by or _("The system")),
        Fact(_("At"), f"{timezone.localtime(found.at):%-d %b %Y, %H:%M:%S}"),
        *(Fact(capfirst(str(name)), value) for name, value in found.details.items()),
    ]
    return _page(request, str(document or found), (_("History"), reverse("documents:act_list")), facts, written)


@login_required
@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One row that was written, with all of its values."""
    if denied := authority.only.refusal(request.user, "audit.view_change", None):
        raise denied
    found = get_object_or_404(queries.changes_seen(request.user).select_related("by"), pk=pk)
    facts = [
        Fact(_("By"), found.by or _("The system")),
        Fact(_("Database role"), found.database_user),
        Fact(_("At"), f"{timezone.localtime(found.at):%-d %b %Y, %H:%M:%S}"),
    ]
    title = f"{wording.kind_words(found.table)} {found.row_id}"
    return _page(request, title, (_("Changes"), reverse("documents:change_list")), facts, [found])


def _page(
    request: HttpRequest, title: str, crumb: tuple[str, str], facts: list[Fact], rows: list[Change]
) -> HttpResponse:
    context = {
        "title": title,
        "crumbs": [crumb, (title, "")],
        "facts": facts,
        "changes": [(row, wording.kind_words(row.table), wording.diff(row, quiet=False)) for row in rows],
    }
    return render(request, "backoffice/documents/act.html", context)


def _known(kind: int, key: int) -> Any:
    model = ContentType.objects.get_for_id(kind).model_class()
    return model._base_manager.filter(pk=key).first() if model else None


def _href(document: Any) -> str:
    return str(document.get_absolute_url()) if hasattr(document, "get_absolute_url") else ""
