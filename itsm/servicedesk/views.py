"""The screens of incidents that are more than a declaration: the desk's page, the requester's own, saying something."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.errors import Refused
from backoffice.documents import attaching
from backoffice.ui.screen import Screen
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen, show
from backoffice.ui.sending import once
from itsm.servicedesk import conversing, handling
from itsm.servicedesk.models import Incident, IncidentAsset
from itsm.servicedesk.wording import PRIORITY_TONES

SEE, REPORT = "servicedesk.view_incident", "servicedesk.report_incident"
BEHIND = ("assign", "prioritise")
REQUESTERS = ("reopen", "close")  # the verbs that a requester finds on the own page


def home(incident: Incident, user: Any) -> str:
    """The page of an incident for this person: the desk's, or the requester's own."""
    return incident.get_absolute_url() if user.has_perm(SEE, incident) else incident.get_portal_url()


class IncidentScreen(DocumentScreen):
    """An incident as the desk sees it; replies are written in the conversation, so there is no button for them."""

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return show(self, self.found(pk))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if user.is_authenticated and not user.has_perm(SEE) and user.has_perm(REPORT):
            return self.go(reverse("servicedesk:own", args=[kwargs["pk"]]))
        return super().dispatch(request, *args, **kwargs)

    def context(self, document: Incident) -> dict[str, Any]:
        context = super().context(document)
        context |= _offered(document, context["actions"], without=("reply",))
        context["marks"] = [(document.get_priority_display(), *PRIORITY_TONES[document.priority])]
        return context


class OwnIncidents(ListScreen):
    """The incidents of the person who looks, whatever other rights that person holds."""

    permission = REPORT

    def rows(self) -> Any:
        return Incident.objects.filter(requester=self.request.user.pk)

    def context(self) -> dict[str, Any]:
        context = super().context()
        if self.request.user.has_perm("servicedesk.add_incident"):
            context["create_href"] = reverse("servicedesk:own_new")
        return context


class OwnIncident(DocumentScreen):
    """The requester's own page: what was said in public and how far it is."""

    permission = REPORT

    def found(self, pk: int) -> Any:
        row = Incident.objects.filter(requester=self.request.user.pk, pk=pk).first()
        if row is None:
            raise Http404
        return row

    def list_crumb(self) -> tuple[str, str]:
        return (_("My reports"), reverse("servicedesk:own_list"))

    def context(self, document: Incident) -> dict[str, Any]:
        context = super().context(document)
        others = [verb for verb in Incident.flow.moves if verb not in REQUESTERS]
        return context | _offered(document, context["actions"], without=others)


def _offered(document: Incident, actions: list[Any], *, without: Sequence[str]) -> dict[str, Any]:
    """The buttons that fit the state: those that move it stand in front, judging and giving it away behind."""
    moves = Incident.flow.moves
    fit = [each for each in actions if each.name not in without and document.state in moves[each.name].sources]
    front = [each for each in fit if each.name not in BEHIND]
    return {"actions": fit, "shown": front, "more": [each for each in fit if each not in front]}


class ReportScreen(FormScreen):
    """A new report of a colleague."""

    permission = "servicedesk.add_incident"

    def result(self, document: Any) -> str:
        return str(document.get_portal_url())

    def list_href(self) -> str:
        return reverse("servicedesk:own_list")

    def list_crumb(self) -> tuple[str, str]:
        return (_("My reports"), self.list_href())


class IncidentVerbScreen(VerbScreen):
    """Leads back to the page that this person may see."""

    def result(self, document: Any) -> str:
        return home(document, self.request.user)

    def list_href(self) -> str:
        return reverse("servicedesk:incident_list" if self.request.user.has_perm(SEE) else "servicedesk:own_list")


class SayScreen(Screen):
    """Takes what was written under an incident: a reply that the requester reads, or a note for the team alone."""

    model = Incident
    permission = "servicedesk.reply_incident"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        incident = self.found(pk)
        is_note, text = request.POST.get("kind") == "note", request.POST.get("text", "")
        files = [] if is_note else request.FILES.getlist("files")

        def work() -> str:
            if is_note:
                conversing.note(incident, by=request.user, text=text)
            else:
                conversing.reply(incident, by=request.user, text=text)
            for file in files:
                attaching.attach(incident, name=file.name or "", content=file.read(), by=request.user)
            return home(incident, request.user)

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            messages.error(request, str(reason))
            return self.go(home(incident, request.user))
        messages.success(request, _("Noted for the team.") if is_note else _("Sent."))
        return self.go(location)


class AboutScreen(FormScreen):
    """Which equipment an incident is about."""

    model = IncidentAsset
    title = gettext_lazy("Equipment of the incident")

    def load(self) -> Any:
        incident = Incident.objects.visible_to(self.request.user).filter(pk=self.kwargs["incident"]).first()
        if incident is None:
            raise Http404
        if not self.request.user.has_perm(SEE, incident):
            raise PermissionDenied
        self.company = incident.company
        return IncidentAsset(incident=incident)

    def list_href(self) -> str:
        return reverse("servicedesk:incident", args=[self.kwargs["incident"]])


def linked(row: IncidentAsset, lines: Any, removed: Any, *, by: Any) -> IncidentAsset:
    """Store the link by its verb."""
    return handling.link(row.incident, row.asset, by=by)
