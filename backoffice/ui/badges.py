"""How a state looks: grey rests, amber waits for a person, blue is in hand, green is finished, red is wrong."""

from typing import Any

from django.utils.safestring import SafeString

from backoffice.ui.html import badge_markup, joined

# State value: tone and icon. A model adds to it by `state_tones`.
TONES: dict[str, tuple[str, str]] = {
    "draft": ("", "circle-dashed"),
    "proposed": ("", "circle-dashed"),
    "captured": ("", "scan-line"),
    "new": ("", "circle-dashed"),
    "idle": ("", "circle-dashed"),
    "waiting": ("wait", "user-check"),
    "submitted": ("wait", "user-check"),
    "asked": ("wait", "user-check"),
    "in_approval": ("wait", "user-check"),
    "differs": ("wait", "triangle-alert"),
    "parked": ("wait", "hourglass"),
    "due": ("wait", "clock"),
    "queued": ("busy", "clock"),
    "running": ("busy", "refresh-cw"),
    "sending": ("busy", "refresh-cw"),
    "calculating": ("busy", "refresh-cw"),
    "approved": ("busy", "thumbs-up"),
    "granted": ("good", "thumbs-up"),
    "ordered": ("busy", "thumbs-up"),
    "sent": ("busy", "send"),
    "open": ("busy", "lock-open"),
    "closing": ("wait", "lock-open"),
    "posted": ("good", "circle-check"),
    "done": ("good", "circle-check"),
    "finished": ("good", "circle-check"),
    "succeeded": ("good", "circle-check"),
    "received": ("good", "circle-check"),
    "matched": ("good", "circle-check"),
    "delivered": ("good", "circle-check"),
    "active": ("good", "circle-check"),
    "issued": ("good", "circle-check"),
    "paid": ("good", "banknote"),
    "closed": ("", "lock"),
    "reversed": ("", "undo-2"),
    "returned": ("", "undo-2"),
    "withdrawn": ("", "undo-2"),
    "cancelled": ("", "x"),
    "discarded": ("", "x"),
    "skipped": ("", "x"),
    "rejected": ("bad", "circle-x"),
    "refused": ("bad", "circle-x"),
    "failed": ("bad", "circle-x"),
    "on_hold": ("bad", "pause"),
    "blocked": ("bad", "lock"),
    "overdue": ("bad", "circle-alert"),
}


def tone_of(model: Any, state: str) -> tuple[str, str]:
    """Tone and icon of a state of a model."""
    return getattr(model, "state_tones", {}).get(state) or TONES.get(state, ("", "circle-dashed"))


def badges_of(model: Any, field: str = "state") -> dict[str, str]:
    """The badge of every state of a model, made once and used for each row."""
    choices = model._meta.get_field(field).flatchoices
    return {value: badge_markup(str(words), *tone_of(model, value)) for value, words in choices}


def badge(document: Any) -> SafeString:
    """The badge of a document; the document may put it in its own words with `state_words(…)`."""
    tone, icon = tone_of(type(document), document.state)
    return joined([badge_markup(str(document.get_state_display()), tone, icon)])
