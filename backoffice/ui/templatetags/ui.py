"""Tags of our templates: icons, badges, amounts, tiles, charts, reasons, the side bar."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.ui import badges, charts
from backoffice.ui.columns import amount_markup, day, person_markup
from backoffice.ui.html import icon_markup, joined, text
from backoffice.ui.menus import blocks, counts_for

register = template.Library()

KEYS: list[tuple[tuple[str, ...], str]] = [
    (("Ctrl K",), "find or do"),
    (("/",), "search this list"),
    (("G", "W F P S H I R A"), "go to My work, Finance, Purchasing, Stock, People, Service desk, Reports, Admin"),
    (("J", "K"), "next, previous row"),
    (("Enter",), "open"),
    (("X", "Shift X"), "select row, range"),
    (("C",), "new"),
    (("E",), "edit"),
    (("A", "R"), "approve, return"),
    (("F",), "add a filter"),
    ((".",), "more actions"),
    (("Ctrl S",), "save"),
    (("Ctrl Enter",), "save and send"),
    (("Ctrl Z",), "bring a removed line back, outside fields"),
    (("Esc",), "close, clear the selection"),
    (("T",), "today, in a date"),
    (("?",), "this list"),
]


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "lock" "s" %}`: one icon of the sprite."""
    return joined([icon_markup(name or "", size)])


@register.simple_tag
def badge(document: Any) -> SafeString:
    """`{% badge bill %}`: the state as icon, word and colour."""
    return badges.badge(document)


@register.simple_tag
def mark(words: str, tone: str = "", icon: str = "", plain: bool = False) -> SafeString:
    """`{% mark "3 differences" "wait" "triangle-alert" %}`: a badge with words of its own."""
    return joined([badges.badge_markup(str(words), tone, icon, plain=plain)])


@register.simple_tag
def money(value: Any, currency: str = "", digits: int = 2) -> SafeString:
    """`{% money bill.gross %}`: an amount with its currency; takes Money or a Decimal with `currency=`."""
    if value is None or value == "":
        return joined([])
    number, code = (
        (value.amount, str(value.currency))
        if hasattr(value, "amount") and hasattr(value, "currency")
        else (value, currency)
    )
    before = f'<span class="ccy">{text(code)}</span>' if code else ""
    return joined([before, amount_markup(Decimal(number), digits)])


@register.filter
def figure(value: Any) -> str:
    """A whole number with thousands marks."""
    return f"{value:,}" if isinstance(value, int) else str(value or 0)


@register.filter(name="day")
def day_filter(value: Any) -> str:
    """18 Nov, with the year when it is not this one."""
    return day(value)


@register.filter
def when(value: datetime | None) -> str:
    """A moment as people say it: 09:14, Fri 09:14, 18 Nov, 16:03."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M}"
    if today - local.date() < timedelta(days=6):
        return f"{local:%a %H:%M}"
    return f"{day(local.date())}, {local:%H:%M}"


@register.filter
def since(value: datetime | None) -> str:
    """How long ago: 5 h, 3 days."""
    if value is None:
        return ""
    passed = timezone.now() - value
    if passed.days:
        return _("%s day") % passed.days if passed.days == 1 else _("%s days") % passed.days
    hours = passed.seconds // 3600
    return f"{hours} h" if hours else f"{max(passed.seconds // 60, 1)} min"


@register.simple_tag
def person(name: Any, spoken: bool = False) -> SafeString:
    """`{% person user.name %}`: the round mark with initials."""
    return joined([person_markup(str(name), spoken=spoken)])


@register.inclusion_tag("ui/kpi.html")
def kpi(
    label: Any,
    value: Any,
    note: Any = "",
    href: str = "",
    trend: Any = None,
    tone: str = "",
    icon: str = "",
    words: str = "",
) -> dict[str, Any]:
    """A tile: label, one figure, what it compares with, a drawn trend whose meaning is in `words`."""
    return {
        "label": label,
        "value": value,
        "note": note,
        "href": href,
        "trend": trend,
        "tone": tone,
        "icon": icon,
        "words": words,
    }


@register.simple_tag
def spark(values: Any, label: str = "") -> SafeString:
    """A small line; `label` says what it shows."""
    return charts.spark(list(values or []), label=label)


@register.simple_tag
def chart(
    kind: str, labels: Any, series: Any, title: str, target: str = "screen", height: int = 220, width: int = 720
) -> SafeString:
    """`{% chart "bars" months series title=finding %}`; `target="print"` for PDF and paper."""
    return charts.chart(kind, list(labels), list(series), title=title, target=target, height=height, width=width)


@register.filter
def breakable(value: Any) -> Any:
    """An address of mail may break after its @ and its dots, and nowhere else; other values stay as they are."""
    words = str(value) if isinstance(value, str) else ""
    if "@" not in words:
        return value
    return joined(f"{text(part)}<wbr>" if part in "@." else text(part) for part in re.split(r"([@.])", words))


@register.simple_tag
def dock(shown: Any, more: Any, links: Any) -> dict[str, Any]:
    """What of a document's actions fits above the tabs of a phone, two buttons; the rest stands in the menu."""
    ready = [action for action in shown if not action.reason]
    best = sorted(ready, key=lambda action: (action.primary, bool(action.key)))[-2:]
    front = [action for action in ready if action in best]
    beside = [*links][: 2 - len(front)]
    return {
        "shown": front,
        "more": [*more, *(action for action in ready if action not in best)],
        "links": beside,
        "behind": [*links][len(beside) :],
        "is_bare": not front and not beside,
    }


@register.simple_tag
def why(action: Any) -> SafeString:
    """`{% why action %}`: the visible reason of a closed action, tied to its button by id."""
    if not action.reason:
        return joined([])
    return format_html(
        '<p class="why" id="why-{}">{}<span>{}</span></p>', action.name, icon("lock", "s"), action.reason
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget of a field in our dress."""
    kind = field.widget_type
    if kind in ("checkbox", "radioselect", "checkboxselectmultiple"):
        return field.as_widget(attrs={"class": "check"} if kind != "radioselect" else {"class": "radio"})
    numeric = " num" if getattr(field.field, "numeric", False) else ""
    return field.as_widget(attrs={"class": f"inp{numeric}"})


@register.simple_tag
def cell(field: BoundField, number: Any = "") -> SafeString:
    """The widget of a field in a line grid, with its key and spoken name."""
    attrs: dict[str, str | bool] = {
        "data-k": field.name,
        "data-label": str(field.label),
        "aria-label": f"{field.label}, line {number}" if number else str(field.label),
    }
    if getattr(field.field, "numeric", False):
        attrs["class"] = "num"
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def problems(context: dict[str, Any]) -> list[dict[str, str]]:
    """What is wrong with the `form` and `lines` of the page, each with the id of the field to go to."""
    form, lines, found = context.get("form"), context.get("lines"), []
    if form is not None and getattr(form, "is_bound", False):
        for name, errors in form.errors.items():
            bound = form[name] if name in form.fields else None
            key, before = (bound.id_for_label, f"{bound.label}: ") if bound else ("", "")
            found += [{"id": key, "text": f"{before}{error}"} for error in errors]
    if lines:
        found += [{"id": "", "text": str(error)} for error in lines.non_form_errors()]
        for number, line in enumerate(lines.forms, 1):
            for name, errors in line.errors.items():
                bound = line[name] if name in line.fields else None
                words = f"{_('Line')} {number}, {bound.label}" if bound else f"{_('Line')} {number}"
                found += [{"id": bound.id_for_label if bound else "", "text": f"{words}: {error}"} for error in errors]
    return found


@register.inclusion_tag("ui/_keys.html")
def key_map() -> dict[str, Any]:
    """The keyboard map."""
    return {"key_list": KEYS}


@register.inclusion_tag("ui/nav.html", takes_context=True)
def nav(context: dict[str, Any]) -> dict[str, Any]:
    """The side bar for this person and page."""
    return _frame(context)


@register.inclusion_tag("ui/tabbar.html", takes_context=True)
def tabbar(context: dict[str, Any]) -> dict[str, Any]:
    """The tabs of a small screen."""
    return _frame(context)


@register.simple_tag(takes_context=True)
def section(context: dict[str, Any]) -> Any:
    """The section of the side bar that this page belongs to, or None."""
    return next((block for block in _frame(context)["sections"] if block.open), None)


def _frame(context: dict[str, Any]) -> dict[str, Any]:
    request = context["request"]
    if not hasattr(request, "_frame"):
        user = request.user
        counts = counts_for(user)
        top, sections = blocks(user, request.path, counts)
        at = request.resolver_match.view_name if request.resolver_match else ""
        request._frame = {
            "user": user,
            "company": request.company,
            "companies": request.companies,
            "at": at,
            "here": request.get_full_path(),
            "top": top,
            "sections": sections,
            "badges": counts,
            "csrf_token": context.get("csrf_token"),
        }
    return request._frame
