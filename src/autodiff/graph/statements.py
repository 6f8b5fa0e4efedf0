"""What the statements of a program give names to."""

from __future__ import annotations

from autodiff.graph.functions import read_definition
from autodiff.language.errors import AutodiffError
from autodiff.language.expression import Expression

TRANSPARENT = ("group", "pos", "keyword")  # they are what they enclose


def enclosed(expression: Expression) -> Expression:
    """What an expression is but for parentheses and signs that change nothing."""
    while expression.kind in TRANSPARENT:
        expression = expression.operands[0]
    return expression


def statement_labels(program: Expression) -> dict[int, str]:
    """For the construct that each assignment names, its name."""
    labels: dict[int, str] = {}
    for statement in program.operands:
        if statement.kind == "assignment":
            labels[id(enclosed(statement.operands[0]))] = statement.text
        elif statement is not program.operands[-1]:
            if statement.kind == "definition":
                continue
            raise AutodiffError(
                "unused-statement",
                "the value of this statement is not used",
                statement.span,
                "give it a name, as in h = ...; to go on in the next line, end this one with the operator",
            )
        elif statement.kind == "definition":
            form = read_definition(statement).form
            raise AutodiffError(
                "unused-statement", "the program ends with a definition", statement.span, f"add a line, like {form}"
            )
    return labels
