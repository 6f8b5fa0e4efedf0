"""The Typer program: its commands, and what their errors become."""

# Not `from __future__ import annotations`: Typer would have to evaluate each annotation again, twice.
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from typing import Annotated, Any

import typer

from autodiff.language.errors import EXIT_CODES, USAGE, AutodiffError

EXAMPLES = """autodiff eval "sigmoid(sinh(x)) * y^2" --at x=0.4 --at y=2
autodiff diff "x^2*sin(x)"
autodiff jacobian "softmax(v)" --at "v=[1, 2, 3]"
autodiff gradcheck "relu(x)*y" --at x=0,y=3
autodiff check "x^2*sin(x)" --answer "2x*cos(x)"
autodiff plot "sin(x)/x" --over x=-10:10
autodiff map "sin(x)*y" points.csv > out.csv
autodiff functions tanh"""

# What Typer raises for a wrong command line; it has no public name.
CommandLineError: type[Any] = typer.BadParameter.__mro__[2]


def until_closed(command: Callable[..., int]) -> Callable[..., int]:
    """The command, ended quietly when the reader of its output has what it wanted."""

    @wraps(command)
    def run_command(*arguments: Any, **options: Any) -> int:
        try:
            code = command(*arguments, **options)
            print(end="", flush=True)
        except BrokenPipeError:
            discard_output()
            return 0
        except OSError as error:  # a full disk, say
            discard_output()
            raise AutodiffError(
                "unwritable-output",
                f"can't write the output: {error.strerror}",
                suggestion="write it to another file, or make room",
            ) from None
        return code

    return run_command


def discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# Each command's module and function, in the order of --help. Only the module of the command that is run is loaded.
COMMANDS = {
    "eval": ("autodiff.cli.eval", "evaluate"),
    "diff": ("autodiff.cli.diff", "diff"),
    "jacobian": ("autodiff.cli.jacobian", "jacobian"),
    "hessian": ("autodiff.cli.hessian", "hessian"),
    "gradcheck": ("autodiff.cli.gradcheck", "gradcheck"),
    "check": ("autodiff.cli.check", "check"),
    "grade": ("autodiff.cli.grade", "grade"),
    "map": ("autodiff.cli.map", "map_rows"),
    "graph": ("autodiff.cli.graph", "graph"),
    "plot": ("autodiff.cli.plot", "plot"),
    "functions": ("autodiff.cli.functions", "functions"),
}


def program(arguments: Sequence[str]) -> typer.Typer:
    """The Typer program, with the one command that `arguments` begin with if there is one, else with all."""
    app = typer.Typer(
        help="Differentiate a formula.\n\n\b\n" + EXAMPLES,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(root)
    wanted = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    for name in wanted:
        module, function = COMMANDS[name]
        command = until_closed(getattr(import_module(module), function))
        # A formula may begin with a minus, so what is no option is looked at by read_formula.
        app.command(name, context_settings={"ignore_unknown_options": name != "functions"})(command)
    return app


def print_version(wanted: bool) -> None:
    if wanted:
        from autodiff import __version__

        print(f"autodiff {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool, typer.Option("--version", help="The version.", is_eager=True, callback=print_version)
    ] = False,
) -> None:
    pass


def print_error(error: AutodiffError) -> None:
    from autodiff.show.diagnostics import render_error

    print(render_error(error), file=sys.stderr)


def run() -> None:
    """Runs the command line and ends the process with its exit code; never with a traceback for bad input."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  # for as long as the process
        getattr(sys, name).reconfigure(errors="backslashreplace")
    try:
        code = program(sys.argv[1:])(standalone_mode=False)
    except AutodiffError as error:
        print_error(error)
        code = error.exit_code
    except CommandLineError as error:
        message = error.format_message()
        if message.startswith("Usage:"):
            print(message, file=sys.stderr)
        else:
            asked = error.ctx.command_path if error.ctx else "autodiff"
            hint = f"{asked} --help says what there is"
            print_error(AutodiffError("usage", message[0].lower() + message[1:].rstrip("."), suggestion=hint))
        code = USAGE
    except Exception as error:  # a fault of ours: the user gets a line to report, not a traceback
        message = f"{type(error).__name__}: {error}"
        print_error(AutodiffError("internal-error", message, suggestion="please report this with the formula"))
        code = EXIT_CODES["internal-error"]
    sys.exit(code or 0)
