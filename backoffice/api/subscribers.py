"""What the API does when a user's access ends."""

from django.db.models.functions import Now

from backoffice.access.events import AccessEnded
from backoffice.api.models import ApiToken
from backoffice.core.events import subscribe


@subscribe(AccessEnded)
def end_tokens(event: AccessEnded) -> None:
    """Programs that act as the user stop as well."""
    ApiToken.objects.filter(user=event.user_id, revoked_at=None).update(revoked_at=Now())
