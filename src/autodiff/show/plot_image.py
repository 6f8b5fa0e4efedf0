"""A curve as an SVG, PNG or PDF file, by Matplotlib: the value, and below it the derivative."""

from __future__ import annotations

import math
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from autodiff.curve.curve import Curve
from autodiff.language.errors import AutodiffError
from autodiff.language.excerpts import shortened
from autodiff.show.diagnostics import visible
from autodiff.show.panels import Line, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMS = ("svg", "png", "pdf")
SIZE_IN_INCHES, DOTS_PER_INCH = (7.0, 6.0), 150
COLOURS = ("#0b62a4", "#c8500a")  # told apart by people who don't see red or green, and in grey
GAP_COLOUR, MARK_COLOUR = "#e4e4e4", "#808080"
LONGEST_TITLE = 70
# The same curve gives the same bytes.
METADATA: dict[str, dict[str, None]] = {"svg": {"Date": None}, "png": {}, "pdf": {"CreationDate": None}}
STYLE = {"svg.hashsalt": "autodiff", "axes.grid": True, "grid.color": "#ebebeb", "axes.axisbelow": True}


def plot_image(curve: Curve, shown: tuple[Panel, Panel], form: str) -> bytes:
    """The content of a file of the form `svg`, `png` or `pdf`."""
    try:
        import matplotlib.style
        from matplotlib.figure import Figure
    except ImportError:
        raise AutodiffError(
            "missing-package",
            "a plot as a picture needs the package matplotlib, which is not installed",
            suggestion="pip install 'autodiff-cli[plot]'",
        ) from None
    content = BytesIO()
    with matplotlib.style.context(["default", STYLE]), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a character that the font lacks
        figure = Figure(SIZE_IN_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
        every_axes = figure.subplots(2, sharex=True)
        for axes, panel, colour in zip(every_axes, shown, COLOURS, strict=True):
            draw_panel(axes, curve, panel, colour)
        unit = unit_of(curve.lower, curve.upper)
        every_axes[1].set_xlabel(curve.variable + in_units(unit), parse_math=False)
        every_axes[1].set_xlim(curve.lower / unit, curve.upper / unit)
        figure.savefig(content, format=form, metadata=METADATA[form])
    return content.getvalue()


def draw_panel(axes: Axes, curve: Curve, panel: Panel, colour: str) -> None:
    x_unit, y_unit = unit_of(curve.lower, curve.upper), unit_of(panel.low, panel.high)

    def scaled(points: Line) -> tuple[list[float], list[float]]:
        return [x / x_unit for x, _ in points], [y / y_unit for _, y in points]

    for gap in curve.gaps:
        axes.axvspan(gap.start / x_unit, gap.end / x_unit, facecolor=GAP_COLOUR, edgecolor="#cccccc", hatch="//")
    for x in panel.asymptotes:
        axes.axvline(x / x_unit, color=MARK_COLOUR, linestyle=(0, (4, 3)), linewidth=1)
    if panel.low < 0 < panel.high:
        axes.axhline(0, color=MARK_COLOUR, linewidth=0.8)
    for line in panel.lines:
        axes.plot(*scaled(line), color=colour, linewidth=1.6)
    marker: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 5, "markeredgecolor": colour}
    axes.plot(*scaled(panel.open), markerfacecolor="white", zorder=3, **marker)
    axes.plot(*scaled(panel.closed), markerfacecolor=colour, zorder=4, **marker)
    axes.set_ylim(panel.low / y_unit, panel.high / y_unit)
    title = shortened(visible(" ".join(panel.name.split())), LONGEST_TITLE)
    axes.set_title(title + in_units(y_unit), parse_math=False, fontsize=11)


def unit_of(low: float, high: float) -> float:
    """A power of ten to divide by where Matplotlib, which squares numbers, would overflow or take them for zero."""
    largest = max(abs(low), abs(high))
    return 1.0 if 1e-100 < largest < 1e100 else float(f"1e{max(math.floor(math.log10(largest)), -307)}")


def in_units(unit: float) -> str:
    return "" if unit == 1.0 else f" (in units of {unit:g})"
