"""Papers and comments in the administration: looked at, never edited; the files open on their document."""

from django.contrib import admin

from backoffice.core.admin import ReadOnly
from backoffice.documents.models import Attachment, Comment


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly):
    list_display = ["name", "media_type", "size", "content_type", "object_id", "added_by", "added_at"]
    exclude = ["content"]
    search_fields = ["name"]


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ["text", "by", "at", "content_type", "object_id"]
