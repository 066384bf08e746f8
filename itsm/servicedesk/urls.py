"""The screens of the service desk: the desk's incidents, the own reports, and what administrators keep."""

from django.db.models import Q
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen
from itsm.servicedesk import forms, opening, panels, setting_up, tables, views
from itsm.servicedesk.models import (
    Incident,
    Mailbox,
    PriorityRule,
    ReceivedMail,
    Service,
    ServiceLevel,
    Team,
)

app_name = "servicedesk"
OPEN = Q(state__in=Incident.OPEN)
INCIDENTS = [
    View("open", _("Open"), OPEN),
    View("mine", _("Mine"), lambda user: OPEN & Q(agent=user.pk)),
    View("team", _("My teams"), lambda user: OPEN & Q(team__in=user.desk_teams.values("pk"))),
    View("free", _("With nobody"), OPEN & Q(agent__isnull=True)),
    View("late", _("Overdue"), lambda user: OPEN & Q(due_at__lt=timezone.now())),
    View("waiting", _("Waiting"), Q(state=Incident.State.WAITING)),
    View("resolved", _("Resolved"), Q(state=Incident.State.RESOLVED)),
    View("all", _("All")),
]
OWN = [View("open", _("Open"), OPEN), View("all", _("All"))]
VERBS = {
    "assign": forms.AssignForm,
    "prioritise": forms.PriorityForm,
    "wait": forms.WaitForm,
    "resolve": forms.ResolveForm,
    "reopen": forms.ReopenForm,
    "reply": forms.ReplyForm,
}
DESK = [
    panels.ClocksPanel, panels.ConversationPanel, panels.DetailsPanel, panels.AboutPanel, panels.SeenBeforePanel,
]  # fmt: skip
REPORT = [panels.OwnConversation, panels.OwnDetails]

urlpatterns = [
    path("", ListScreen.as_view(model=Incident, table=tables.IncidentTable, filters=forms.IncidentFilters, views=INCIDENTS, create_url="servicedesk:incident_new", verbs=["take", "close"], empty_text=_("Nothing is broken here.")), name="incident_list"),
    path("new/", FormScreen.as_view(model=Incident, form_class=forms.IncidentForm, store=opening.stored, permission="servicedesk.take_incident"), name="incident_new"),
    path("<int:pk>/", views.IncidentScreen.as_view(model=Incident, panels=DESK, asking=list(VERBS)), name="incident"),
    path("<int:pk>/say/", views.SayScreen.as_view(), name="say"),
    path("<int:incident>/assets/new/", views.AboutScreen.as_view(form_class=forms.AboutForm, store=views.linked), name="incidentasset_new"),
    path("<int:pk>/<slug:verb>/", views.IncidentVerbScreen.as_view(model=Incident, forms=VERBS), name="incident_verb"),
    path("my/", views.OwnIncidents.as_view(model=Incident, table=tables.OwnTable, views=OWN, title=_("My reports"), create_label=_("Report something"), empty_text=_("Everything works. If something does not, report it.")), name="own_list"),
    path("my/new/", views.ReportScreen.as_view(model=Incident, form_class=forms.ReportForm, store=opening.stored, title=_("What does not work?"), saves=_("Report it")), name="own_new"),
    path("my/<int:pk>/", views.OwnIncident.as_view(model=Incident, panels=REPORT, asking=["reopen"]), name="own"),
    path("teams/", ListScreen.as_view(model=Team, table=tables.TeamTable, create_url="servicedesk:team_new"), name="team_list"),
    path("teams/new/", FormScreen.as_view(model=Team, form_class=forms.TeamForm, store=setting_up.stored), name="team_new"),
    path("teams/<int:pk>/", DocumentScreen.as_view(model=Team, panels=[panels.MembersPanel, HistoryPanel], edit_url="servicedesk:team_edit"), name="team"),
    path("teams/<int:pk>/edit/", FormScreen.as_view(model=Team, form_class=forms.TeamForm, store=setting_up.stored), name="team_edit"),
    path("services/", ListScreen.as_view(model=Service, table=tables.ServiceTable, create_url="servicedesk:service_new", empty_text=_("Name here what people use and what may fail, such as e-mail: an administrator enters it.")), name="service_list"),
    path("services/new/", FormScreen.as_view(model=Service, form_class=forms.ServiceForm), name="service_new"),
    path("services/<int:pk>/", DocumentScreen.as_view(model=Service, panels=[panels.ServiceFacts, HistoryPanel], edit_url="servicedesk:service_edit"), name="service"),
    path("services/<int:pk>/edit/", FormScreen.as_view(model=Service, form_class=forms.ServiceForm), name="service_edit"),
    path("levels/", ListScreen.as_view(model=ServiceLevel, table=tables.ServiceLevelTable, create_url="servicedesk:servicelevel_new"), name="servicelevel_list"),
    path("levels/new/", FormScreen.as_view(model=ServiceLevel, form_class=forms.ServiceLevelForm, lines=forms.Targets), name="servicelevel_new"),
    path("levels/<int:pk>/", DocumentScreen.as_view(model=ServiceLevel, panels=[panels.LevelFacts, panels.TargetsPanel, HistoryPanel], edit_url="servicedesk:servicelevel_edit"), name="servicelevel"),
    path("levels/<int:pk>/edit/", FormScreen.as_view(model=ServiceLevel, form_class=forms.ServiceLevelForm, lines=forms.Targets), name="servicelevel_edit"),
    path("priorities/", ListScreen.as_view(model=PriorityRule, table=tables.PriorityRuleTable, title=_("Priority matrix"), create_url="servicedesk:priorityrule_new"), name="priorityrule_list"),
    path("priorities/new/", FormScreen.as_view(model=PriorityRule, form_class=forms.PriorityRuleForm), name="priorityrule_new"),
    path("priorities/<int:pk>/", DocumentScreen.as_view(model=PriorityRule, panels=[panels.RuleFacts, HistoryPanel], edit_url="servicedesk:priorityrule_edit"), name="priorityrule"),
    path("priorities/<int:pk>/edit/", FormScreen.as_view(model=PriorityRule, form_class=forms.PriorityRuleForm), name="priorityrule_edit"),
    path("mailboxes/", ListScreen.as_view(model=Mailbox, table=tables.MailboxTable, create_url="servicedesk:mailbox_new", empty_text=_("Mail to a mailbox that stands here opens incidents.")), name="mailbox_list"),
    path("mailboxes/new/", FormScreen.as_view(model=Mailbox, form_class=forms.MailboxForm, private=True), name="mailbox_new"),
    path("mailboxes/<int:pk>/", DocumentScreen.as_view(model=Mailbox, panels=[panels.MailboxFacts, HistoryPanel], edit_url="servicedesk:mailbox_edit"), name="mailbox"),
    path("mailboxes/<int:pk>/edit/", FormScreen.as_view(model=Mailbox, form_class=forms.MailboxForm, private=True), name="mailbox_edit"),
    path("received/", ListScreen.as_view(model=ReceivedMail, table=tables.ReceivedMailTable, filters=forms.ReceivedMailFilters, title=_("Received mail"), empty_text=_("Nothing came yet: what a mailbox receives stands here, and what became of it.")), name="receivedmail_list"),
]  # fmt: skip
