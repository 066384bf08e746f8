"""Notices and the outbox."""

from django.urls import path

from backoffice.messaging import views
from backoffice.messaging.models import OutgoingMail
from backoffice.messaging.tables import OutboxTable
from backoffice.ui.screens import ListScreen

app_name = "messaging"

urlpatterns = [
    path("", views.NoticesScreen.as_view(), name="notice_list"),
    path("<int:pk>/", views.NoticeScreen.as_view(), name="notice"),
    path("outbox/", ListScreen.as_view(model=OutgoingMail, table=OutboxTable), name="outgoingmail_list"),
    path("outbox/<int:pk>/", views.MailScreen.as_view(), name="outgoingmail"),
    path("outbox/<int:pk>/body/", views.MailBodyScreen.as_view(), name="outgoingmail_body"),
    path("outbox/<int:pk>/eml/", views.MailFileScreen.as_view(), name="outgoingmail_eml"),
    path("outbox/<int:pk>/files/<int:file>/", views.MailFileScreen.as_view(), name="outgoingmail_file"),
]
