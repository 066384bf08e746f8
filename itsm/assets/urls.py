"""The screens of equipment."""

from django.db.models import Q
from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.forms import ReasonForm
from backoffice.ui.listing import View
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from itsm.assets import entering, forms, panels, tables, views
from itsm.assets.models import Asset, Outfit

app_name = "assets"
State = Asset.State
ASSETS = [
    View("kept", _("Kept"), ~Q(state__in=entering.GONE)),
    View("stock", _("In stock"), Q(state=State.IN_STOCK)),
    View("used", _("In use"), Q(state=State.ASSIGNED)),
    View("back", _("To get back"), Q(state=State.ASSIGNED, holder__ends_on__isnull=False)),
    View("away", _("Returned, in repair, lost"), Q(state__in=[State.RETURNED, State.IN_REPAIR, State.LOST])),
    View("all", _("All")),
]
STARTERS = [
    View("open", _("To look at"), Q(state="open")),
    View("requested", _("Requested"), Q(state="requested")),
    View("all", _("All")),
]
ASKING = {
    "hand_over": forms.HandOverForm,
    "take_back": forms.TakeBackForm,
    "repair": ReasonForm,
    "lose": ReasonForm,
    "retire": ReasonForm,
}
PANELS = [panels.AssetFacts, panels.BoughtPanel, panels.HandOversPanel, HistoryPanel]
OUTFIT = [panels.OutfitFacts, panels.EquipmentPanel, HistoryPanel]
FORM = {"model": Asset, "form_class": forms.AssetForm, "store": entering.stored, "editable": entering.not_gone}

urlpatterns = [
    path("", ListScreen.as_view(model=Asset, table=tables.AssetTable, filters=forms.AssetFilters, title=_("Assets"), views=ASSETS, create_url="assets:asset_new", create_label=_("New asset"), links=panels.list_links, verbs=["restock"]), name="asset_list"),
    path("new/", FormScreen.as_view(**FORM), name="asset_new"),
    path("mine/", views.OwnScreen.as_view(), name="mine"),
    path("mine/<int:pk>/accept/", views.AcceptScreen.as_view(), name="mine_accept"),
    path("find/", views.FindScreen.as_view(), name="find"),
    path("t/<str:tag>/", views.FindScreen.as_view(), name="tag"),
    path("labels/", views.LabelsScreen.as_view(), name="labels"),
    path("starters/", ListScreen.as_view(model=Outfit, table=tables.OutfitTable, filters=forms.OutfitFilters, title=_("Starters' equipment"), views=STARTERS, empty_text=_("Nobody starts soon.")), name="outfit_list"),
    path("starters/<int:pk>/", DocumentScreen.as_view(model=Outfit, panels=OUTFIT, asking=["request"]), name="outfit"),
    path("starters/<int:pk>/<slug:verb>/", VerbScreen.as_view(model=Outfit, forms={"request": forms.OutfitForm}), name="outfit_verb"),
    path("<int:pk>/", DocumentScreen.as_view(model=Asset, panels=PANELS, steps=panels.steps, edit_url="assets:asset_edit", asking=list(ASKING), links=panels.links), name="asset"),
    path("<int:pk>/edit/", FormScreen.as_view(**FORM), name="asset_edit"),
    path("<int:pk>/label/", views.LabelScreen.as_view(), name="asset_label"),
    path("<int:pk>/<slug:verb>/", VerbScreen.as_view(model=Asset, forms=ASKING), name="asset_verb"),
]  # fmt: skip
