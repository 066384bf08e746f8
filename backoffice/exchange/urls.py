"""The screens of exchange."""

from django.urls import path

from backoffice.exchange import views
from backoffice.exchange.forms import UploadFilters
from backoffice.exchange.models import Upload
from backoffice.exchange.panels import OutcomePanel, UploadFacts
from backoffice.exchange.tables import UploadTable
from backoffice.ui.panels import HistoryPanel
from backoffice.ui.screens import DocumentScreen, ListScreen

app_name = "exchange"
PANELS = [OutcomePanel, UploadFacts, HistoryPanel]

urlpatterns = [
    path("", ListScreen.as_view(model=Upload, table=UploadTable, filters=UploadFilters), name="upload_list"),
    path("new/<slug:kind>/", views.UploadScreen.as_view(), name="upload_new"),
    path("<int:pk>/", DocumentScreen.as_view(model=Upload, panels=PANELS), name="upload"),
    path("<int:pk>/again/", views.AgainScreen.as_view(), name="upload_again"),
    path("<int:pk>/file/", views.FileScreen.as_view(), name="upload_file"),
]
