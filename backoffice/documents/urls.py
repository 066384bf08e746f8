"""Papers and comments of documents; overrides; the history for auditors."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.access.models import Override
from backoffice.audit.models import Act, Change
from backoffice.documents import views
from backoffice.documents.forms import ActFilters, ChangeFilters
from backoffice.documents.tables import ActTable, ChangeTable, OverrideTable
from backoffice.ui.listing import Link

app_name = "documents"

urlpatterns = [
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
    path("of/<str:label>/<int:pk>/attach/", views.attach, name="attach"),
    path("of/<str:label>/<int:pk>/comment/", views.comment, name="comment"),
    path(
        "overrides/",
        views.OverrideList.as_view(model=Override, title=_("Overrides"), table=OverrideTable),
        name="override_list",
    ),
    path("overrides/new/", views.override_new, name="override_new"),
    path(
        "history/",
        views.ActList.as_view(
            model=Act,
            title=_("History"),
            table=ActTable,
            filters=ActFilters,
            links=lambda user: [Link(_("Values before and after"), reverse("documents:change_list"), "list-checks")],
        ),
        name="act_list",
    ),
    path("history/<int:pk>/", views.act, name="act"),
    path(
        "history/changes/",
        views.ChangeList.as_view(model=Change, title=_("Changes"), table=ChangeTable, filters=ChangeFilters),
        name="change_list",
    ),
    path("history/changes/<int:pk>/", views.change, name="change"),
]
