"""The options that several commands have: each is a type that a command gives to its parameter."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
from pathlib import Path
from typing import Annotated

import typer

Formula = Annotated[
    list[str] | None, typer.Argument(help="The formula; - reads it from standard input.", show_default=False)
]
At = Annotated[
    list[str] | None,
    typer.Option(
        help="Values of variables: x=0.4, x=pi/4,y=2, v=[1, 2], W=@w.npy or @point.json.",
        metavar="NAME=VALUE",
        show_default=False,
    ),
]
Wrt = Annotated[
    list[str] | None,
    typer.Option(help="Variables or named nodes to differentiate by; all variables if not given.", metavar="NAMES"),
]
Of = Annotated[
    str | None, typer.Option(help="A named node to differentiate instead of the last statement.", metavar="NAME")
]
Shape = Annotated[
    list[str] | None,
    typer.Option(help="The shape of a variable: W=2x3.", metavar="NAME=SHAPE", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object with all there is to know.")]
WholeTable = Annotated[
    bool, typer.Option("--full", help="All rows and columns at a terminal; a pipe and JSON always get them.")
]
Precision = Annotated[
    int | None,
    typer.Option(
        help="Significant digits; JSON always has the shortest that read back exactly.", min=1, max=17, metavar="N"
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Treat every note on the formula or result as an error; one on a stabilised form stays a note."
    ),
]
NoStabilise = Annotated[
    bool,
    typer.Option(
        "--no-stabilise", help="Compute log(1 + exp(x)) and the like as written: see functions --stabilising."
    ),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour, no bold.")]
File = Annotated[Path | None, typer.Option(help="Read the formula from a file.", metavar="FILE")]
Lines = Annotated[
    bool, typer.Option("--lines", help="A formula in each line of standard input, an answer in each of the output.")
]
