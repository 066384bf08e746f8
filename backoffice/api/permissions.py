"""Default deny: an endpoint that names no right answers nobody."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from backoffice.api.models import ApiToken


class RightsAsked(BasePermission):
    """Asks the endpoint which right an action needs, and the token whether it may write.

    `view.right_for(action)` returns `app.codename`, "" when the rows themselves decide (a verb asks
    its flow, rows that belong to the person need no right), or None when nobody may.
    """

    message = _("Your roles do not include this right.")

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not user or not user.is_authenticated or not user.is_active:
            return False
        if isinstance(request.auth, ApiToken) and request.method not in SAFE_METHODS:
            if request.auth.scope != ApiToken.Scope.WRITE:
                self.message = _("This token may only read.")
                return False
        asks = getattr(view, "right_for", None)
        if getattr(view, "action", "") is None:
            return True  # no handler stands behind this method: the answer is 405
        right = asks(view.action) if asks else None
        if right is None:
            return request.method == "OPTIONS"
        if right and not user.has_perm(right):
            self.message = _("Your roles do not include this right: %(right)s.") % {"right": right}
            return False
        return True
