"""Where history, overrides and the set-up stand in the menu; the apps that own them lie below the screens."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui import slots
from backoffice.ui.slots import MenuEntry

slots.menu.fill(
    "documents.history", MenuEntry("admin", _("History"), "documents:act_list", "history", "audit.view_act", order=60)
)
slots.menu.fill(
    "documents.overrides",
    MenuEntry("admin", _("Overrides"), "documents:override_list", "shield-check", "access.view_override", order=70),
)
slots.menu.fill(
    "documents.setup",
    MenuEntry("admin", _("New company"), "organisation:setup", "building-2", "organisation.add_company", order=80),
)
slots.menu.fill(
    "documents.administration",
    MenuEntry("admin", _("Administration"), "admin:index", "settings", "access.change_user", order=90),
)
