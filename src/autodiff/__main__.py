"""The entry point of the command `autodiff`."""

from __future__ import annotations

import gc

gc.disable()  # a short process, and nothing that it makes refers to itself

import os  # noqa: E402  # what follows is loaded without pauses to look for garbage
import sys  # noqa: E402
from typing import Annotated  # noqa: E402

import typer  # noqa: E402

from autodiff.cli.eval import evaluate  # noqa: E402
from autodiff.cli.functions import functions  # noqa: E402
from autodiff.language.errors import USAGE, AutodiffError  # noqa: E402

INTERRUPTED = 130
EXAMPLES = """autodiff eval "sigmoid(sinh(x)) * y^2" --at x=0.4 --at y=2
autodiff functions tanh"""

app = typer.Typer(
    help="Differentiate a formula.\n\n\b\n" + EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
# A formula may begin with a minus, so what is no option is looked at by the command itself.
app.command("eval", context_settings={"ignore_unknown_options": True})(evaluate)
app.command("functions")(functions)


def print_version(wanted: bool) -> None:
    if wanted:
        from autodiff import __version__

        print(f"autodiff {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="The version.", is_eager=True, callback=print_version)
    ] = False,
) -> None:
    pass


def print_error(error: AutodiffError) -> None:
    from autodiff.show.diagnostics import render_error

    print(render_error(error), file=sys.stderr)


def main() -> None:
    """Runs the command line and ends the process with its exit code; never with a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # they are text streams
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except AutodiffError as error:
        print_error(error)
        code = error.exit_code
    except typer.Abort:
        code = INTERRUPTED
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:  # the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        print_error(AutodiffError("usage", error.format_message()))
        code = USAGE
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
