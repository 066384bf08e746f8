"""Charts as SVG made on the server: the same on screen, in the PDF and on paper.

Colours come by class on screen; for print they are written as attributes, since a page's CSS
does not reach into an inline SVG of the PDF renderer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil, floor, log10

from django.utils.safestring import SafeString

from backoffice.ui.html import joined

Number = Decimal | int | float
COLOURS = ["#0b5d78", "#c9772b", "#7a5aa6", "#4f8a5b", "#a3425c", "#8b877e"]
PRINT = {"ax": 'stroke="#e7e4de"', "ax0": 'stroke="#d5d1c9"', "text": 'fill="#65666d" font-size="9"'}


@dataclass(frozen=True)
class Series:
    """One row of figures with its words; `dashed` means forecast."""

    label: str
    values: Sequence[Number | None]
    dashed: bool = False


@dataclass(frozen=True)
class _Frame:
    """Where things lie: the box of the chart and the range of its figures; a flow says no signs, its sides do."""

    width: int
    height: int
    low: float
    high: float
    left: int = 52
    bottom: int = 26
    top: int = 10
    is_flow: bool = False

    def y(self, value: float) -> float:
        span = (self.high - self.low) or 1
        return round(self.height - self.bottom - (value - self.low) / span * (self.height - self.bottom - self.top), 1)

    def x(self, index: float, count: int) -> float:
        return round(self.left + (index + 0.5) * (self.width - self.left - 6) / max(count, 1), 1)


def chart(
    kind: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    target: str = "screen",
    height: int = 220,
    width: int = 720,
) -> SafeString:
    """A chart of kind "bars", "lines" or "flow" with one value for each label; the title says the finding.

    A flow has what comes in above the line and, as negative values, what goes out below it. Bars start at zero.
    `target="print"` writes colours and sizes as attributes.
    """
    values = [float(v) for one in series for v in one.values if v is not None] or [0.0]
    from_zero = kind != "lines" or (min(values) >= 0 and min(values) < max(values) / 2)
    ticks = nice_ticks(min(0.0, *values) if from_zero else min(values), max(0.0, *values) if from_zero else max(values))
    is_flow = kind == "flow"
    frame = _Frame(width, height, ticks[0], ticks[-1], top=18 if is_flow else 10, is_flow=is_flow)
    draw = _lines if kind == "lines" else _bars
    pieces = [
        f'<svg class="chart{" small" if width < 640 else ""}" viewBox="0 0 {frame.width} {frame.height}" role="img"{_print(target, "svg")}>',
        f"<title>{escape(title)}</title>",
        *_axes(frame, ticks, labels, target),
        *draw(frame, series, len(labels), target),
        "</svg>",
    ]
    return joined(pieces)


def spark(values: Sequence[Number], *, label: str = "") -> SafeString:
    """A small line without axes; the words say what it shows."""
    figures = [float(v) for v in values]
    if len(figures) < 2:
        return joined([])
    frame = _Frame(88, 28, min(figures), max(figures), left=2, bottom=4, top=4)
    step = 82 / (len(figures) - 1)
    points = [(round(2 + i * step, 1), frame.y(v)) for i, v in enumerate(figures)]
    line = " ".join(f"{x},{y}" for x, y in points)
    words = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    x, y = points[-1]
    return joined(
        [
            f'<svg class="spark" viewBox="0 0 88 28" {words}><polygon class="a1" points="2,26 {line} {x},26"/>',
            f'<polyline class="l1" points="{line}"/><circle class="f1" cx="{x}" cy="{y}" r="2"/></svg>',
        ]
    )


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round figures that cover the range, at most `wanted + 1` of them."""
    if high <= low:
        high = low + 1
    rough = (high - low) / wanted
    size = 10 ** floor(log10(rough))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(i * step, 10) for i in range(first, last + 1)]


def short(value: float) -> str:
    """A figure for an axis: 1,200, 12k, 1.2m."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    if size >= 1_000_000:
        return f"{sign}{size / 1_000_000:g}m"
    return f"{sign}{size / 1000:g}k" if size >= 10_000 else f"{sign}{size:,g}"


def _print(target: str, part: str) -> str:
    if target != "print":
        return ""
    return ' font-family="Inter" font-size="9"' if part == "svg" else f" {PRINT[part]}"


def _axes(frame: _Frame, ticks: Sequence[float], labels: Sequence[str], target: str) -> list[str]:
    pieces = []
    for tick in ticks:
        y, kind = frame.y(tick), "ax0" if tick == 0 else "ax"
        pieces.append(
            f'<line class="{kind}" x1="{frame.left}" x2="{frame.width}" y1="{y}" y2="{y}"{_print(target, kind)}/>'
        )
        pieces.append(
            f'<text x="{frame.left - 6}" y="{y + 4}" text-anchor="end"{_print(target, "text")}>{short(abs(tick) if frame.is_flow else tick)}</text>'
        )
    every = max(1, ceil(len(labels) / 12))
    shown = list(enumerate(labels))[::every]
    for n, (i, label) in enumerate(shown):
        x, kind = frame.x(i, len(labels)), ' class="alt"' if n % 2 and len(shown) > 7 else ""
        pieces.append(
            f'<text{kind} x="{x}" y="{frame.height - 6}" text-anchor="middle"{_print(target, "text")}>{escape(label)}</text>'
        )
    return pieces


def _bars(frame: _Frame, series: Sequence[Series], count: int, target: str) -> list[str]:
    slot = (frame.width - frame.left - 6) / max(count, 1)
    beside = 1 if frame.is_flow else max(len(series), 1)
    width = round(min(slot * 0.7 / beside, 42), 1)
    pieces = []
    for s, one in enumerate(series):
        fill = f' fill="{COLOURS[s % 6]}"' if target == "print" else ""
        for i, value in enumerate(one.values):
            if value is None:
                continue
            said = -value if frame.is_flow and value < 0 else value
            x = frame.x(i, count) + ((0 if frame.is_flow else s) - beside / 2) * width
            top, zero = frame.y(max(float(value), 0)), frame.y(max(min(0.0, frame.high), frame.low))
            base = frame.y(float(value)) if value < 0 else zero
            y, tall = (top, base - top) if value >= 0 else (zero, base - zero)
            pieces.append(
                f'<rect class="f{s % 6 + 1}" x="{x:.1f}" y="{y:.1f}" width="{width}" height="{max(tall, 0):.1f}" rx="1.5"{fill}>'
                f"<title>{escape(one.label)}: {_figure(said)}</title></rect>"
            )
        pieces += _said(frame, one, target) if frame.is_flow else []
    return pieces


def _figure(value: Number) -> str:
    """A value without needless zeros, with thousands marked."""
    return f"{Decimal(str(value)).normalize():,f}"


def _said(frame: _Frame, one: Series, target: str) -> list[str]:
    """The figures above what came in, where they are few enough to read."""
    came = [(i, value) for i, value in enumerate(one.values) if value is not None and value > 0]
    return [
        f'<text class="em" x="{frame.x(i, len(one.values))}" y="{frame.y(float(value)) - 5:.1f}" text-anchor="middle"'
        f"{_print(target, 'text')}>{_figure(value)}</text>"
        for i, value in (came if len(came) <= 4 else [])
    ]


def _lines(frame: _Frame, series: Sequence[Series], count: int, target: str) -> list[str]:
    pieces = []
    for s, one in enumerate(series):
        points = [(frame.x(i, count), frame.y(float(v))) for i, v in enumerate(one.values) if v is not None]
        line = " ".join(f"{x},{y}" for x, y in points)
        paint = f' fill="none" stroke="{COLOURS[s % 6]}" stroke-width="2"' if target == "print" else ""
        dashes = ' stroke-dasharray="4 3"' if one.dashed and target == "print" else ""
        kind = f"l{s % 6 + 1}" + (" dash" if one.dashed else "")
        pieces.append(
            f'<polyline class="{kind}" points="{line}"{paint}{dashes}><title>{escape(one.label)}</title></polyline>'
        )
    return pieces
