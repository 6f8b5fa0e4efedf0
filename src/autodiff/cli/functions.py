"""`autodiff functions`: the table of primitives."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import sys
from typing import Annotated

import typer


def functions(
    name: Annotated[str | None, typer.Argument(help="One function, or its other name.", show_default=False)] = None,
    accuracy: Annotated[bool, typer.Option("--accuracy", help="The measured accuracy of each derivative.")] = False,
    stabilising: Annotated[
        bool, typer.Option("--stabilising", help="Forms that are computed in another way, and what that gains.")
    ] = False,
) -> int:
    """The functions of the language, or all about one of them.

    \b
    autodiff functions
    autodiff functions tanh
    autodiff functions --accuracy
    autodiff functions --stabilising
    """
    from autodiff.show.table import accuracy_lines, description, listing, rows_named, stabilising_lines

    if stabilising:
        print("\n".join(stabilising_lines()))
    elif accuracy:
        print("\n".join(accuracy_lines(name)))
    elif name is not None:
        print("\n".join(map(description, rows_named(name))))
    else:
        print("\n".join(listing(columns=sys.stdout.isatty())))
    return 0
