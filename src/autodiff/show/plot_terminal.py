"""A curve as text, by plotext: the value and, below or beside it, the derivative."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import NamedTuple

from autodiff.curve.curve import Curve, Gap
from autodiff.language.errors import AutodiffError
from autodiff.show.diagnostics import columns, visible
from autodiff.show.panels import Line, Panel, tick_labels, ticks

LEAST_WIDTH, LEAST_HEIGHT = 30, 12
# Characters are twice as high as wide; panels stand side by side where they would be flatter than this below one
# another.
FLATTEST = 4.4
COLOURS = ("blue+", "orange+")


class Marks(NamedTuple):
    """The characters to draw with."""

    line: str
    closed: str
    open: str
    asymptote: str
    gap: str


UNICODE = Marks("braille", "●", "○", "┊", "░")
ASCII = Marks("*", "@", "o", ":", ".")
FRAME_IN_ASCII = str.maketrans("┌┐└┘├┤┬┴┼─│", "+++++++++-|")


def plot_text(
    curve: Curve, shown: tuple[Panel, Panel], width: int, height: int, *, colour: bool = False, ascii_only: bool = False
) -> str:
    """Both panels in `width` columns and `height` lines, with escape codes if `colour` is True."""
    plotext = load_plotext()
    width, height = max(width, LEAST_WIDTH), max(height, LEAST_HEIGHT)
    beside = width > FLATTEST * height
    first = (width - 1) // 2
    sizes = (
        ((first, height), (width - 1 - first, height)) if beside else ((width, height // 2), (width, -(-height // 2)))
    )
    labels = [
        tick_labels(ticks(panel.low, panel.high, high // 3)) for panel, (_, high) in zip(shown, sizes, strict=True)
    ]
    margin = max(len(label) for texts in labels for label in texts or [""])
    drawn = [
        panel_lines(plotext, curve, panel, size, margin, colour_name, ASCII if ascii_only else UNICODE)
        for panel, size, colour_name in zip(shown, sizes, COLOURS, strict=True)
    ]
    lines = [f"{left} {right}" for left, right in zip(*drawn, strict=True)] if beside else drawn[0] + drawn[1]
    text = "\n".join(lines)
    if not colour:
        text = "\n".join(line.rstrip() for line in plotext.uncolorize(text).split("\n"))
    return text.translate(FRAME_IN_ASCII) if ascii_only else text


def panel_lines(
    plotext: ModuleType,
    curve: Curve,
    panel: Panel,
    size: tuple[int, int],
    margin: int,
    colour: str,
    marks: Marks,
) -> list[str]:
    width, height = size
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plot_size(width, height - 1)
    # plotext is given the unit square, so that no size of numbers is too much for it.
    plotext.xlim(0, 1)
    plotext.ylim(0, 1)
    x_ticks = ticks(curve.lower, curve.upper, width // 8)
    plotext.xticks([share(x, curve.lower, curve.upper) for x in x_ticks], tick_labels(x_ticks))
    y_ticks = ticks(panel.low, panel.high, height // 3)
    labels = [label.rjust(margin) for label in tick_labels(y_ticks)]
    plotext.yticks([share(y, panel.low, panel.high) for y in y_ticks], labels)
    rows = [row / (height * 2) for row in range(height * 2 + 1)]
    for gap in curve.gaps:
        for x in gap_columns(curve, gap, width):
            plotext.scatter([x] * len(rows), rows, marker=marks.gap, color="gray")
    for asymptote in panel.asymptotes:
        x = share(asymptote, curve.lower, curve.upper)
        plotext.scatter([x] * len(rows), rows, marker=marks.asymptote, color="gray")
    for line in panel.lines:
        plotext.plot(*in_unit_square(curve, panel, line), marker=marks.line, color=colour)
    for points, marker in ((panel.closed, marks.closed), (panel.open, marks.open)):
        if points:
            plotext.scatter(*in_unit_square(curve, panel, points), marker=marker, color=colour)
    drawn = plotext.build().rstrip("\n").split("\n")
    return [title_line(panel.name, width), *drawn]


def gap_columns(curve: Curve, gap: Gap, width: int) -> Iterable[float]:
    """The columns of characters that lie in the gap, as shares of the whole width."""
    start, end = (share(x, curve.lower, curve.upper) for x in (gap.start, gap.end))
    return [column / (2 * width) for column in range(2 * width + 1) if start < column / (2 * width) < end]


def title_line(name: str, width: int) -> str:
    title = visible(" ".join(name.split()))
    while columns(title) > width - 2:
        title = title[: -max(2, columns(title) - width)] + "…"
    left = (width - columns(title)) // 2
    return " " * left + title + " " * (width - left - columns(title))


def in_unit_square(curve: Curve, panel: Panel, points: Line) -> tuple[list[float], list[float]]:
    return (
        [share(x, curve.lower, curve.upper) for x, _ in points],
        [share(y, panel.low, panel.high) for _, y in points],
    )


def share(number: float, low: float, high: float) -> float:
    """How far `number` is on the way from `low` to `high`; halves, whose difference can't overflow."""
    return (number / 2 - low / 2) / (high / 2 - low / 2)


def load_plotext() -> ModuleType:
    try:
        import plotext
    except ImportError:
        raise AutodiffError(
            "missing-package",
            "a plot in the terminal needs the package plotext, which is not installed",
            suggestion="pip install 'autodiff-cli[plot]'",
        ) from None
    module: ModuleType = plotext
    return module
