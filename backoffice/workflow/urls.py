"""The screens of workflow: the rules of approval."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen
from backoffice.workflow import ruling
from backoffice.workflow.forms import RuleForm
from backoffice.workflow.models import ApprovalRule
from backoffice.workflow.panels import RuleFacts
from backoffice.workflow.tables import RuleTable

app_name = "workflow"
RULE = {"model": ApprovalRule, "form_class": RuleForm, "store": ruling.stored}

urlpatterns = [
    path("rules/", ListScreen.as_view(model=ApprovalRule, table=RuleTable, title=_("Approval rules"), create_url="workflow:approvalrule_new"), name="approvalrule_list"),
    path("rules/new/", FormScreen.as_view(**RULE), name="approvalrule_new"),
    path("rules/<int:pk>/", DocumentScreen.as_view(model=ApprovalRule, panels=[RuleFacts, HistoryPanel], edit_url="workflow:approvalrule_edit"), name="approvalrule"),
    path("rules/<int:pk>/edit/", FormScreen.as_view(**RULE), name="approvalrule_edit"),
]  # fmt: skip
