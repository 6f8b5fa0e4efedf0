"""The tree of adjoints."""

from __future__ import annotations

from autodiff import Function
from autodiff.show.tree import adjoint_tree, tree_lines


def lines(text: str, width: int = 200, max_depth: int | None = None, **point: float) -> list[str]:
    tree, _ = adjoint_tree(Function(text).trace(point), width, max_depth, None)
    return tree_lines(tree, width).splitlines()


def test_every_node_has_its_value_partial_and_adjoint() -> None:
    assert lines("h = 3*x; h*h", x=2) == [
        "mul = 36  adjoint 1",
        "├── h mul #2 = 6  partial 6  adjoint 12",
        "│   ├── 3  partial 2  adjoint 24",
        "│   └── x = 2  partial 3  adjoint 36",
        "└── h mul #2  partial 6  see above",
    ]


def test_a_literal_that_nothing_can_vary_shows_no_nan() -> None:
    assert "nan" not in "\n".join(lines("x^2 + x^3", x=-2))


def test_output_is_linear_in_a_graph_whose_tree_is_exponential() -> None:
    program = "; ".join(f"a{k + 1} = a{k}*a{k}" for k in range(40))
    assert len(lines(f"a0 = x; {program}", width=400, max_depth=60, x=1)) == 2 * 40 + 2


def test_a_wide_terminal_shows_more_levels_and_none_is_dropped_silently() -> None:
    text = "sin(" * 30 + "x" + ")" * 30
    for width, levels in ((80, 9), (120, 19)):
        tree, notes = adjoint_tree(Function(text).trace(x=1), width, None, None)
        drawn = tree_lines(tree, width).splitlines()
        assert len(drawn) == levels + 2
        assert drawn[-1].endswith("└── …")
        assert [note.id for note in notes] == ["tree-cut"]
        assert max(map(len, drawn)) <= width


def test_text_of_the_user_is_no_markup() -> None:
    from rich.console import Console

    tree, _ = adjoint_tree(Function("bold = x; red = bold*2; red*bold").trace(x=1), 80, None, None)
    console = Console(width=80, force_terminal=False)
    with console.capture() as capture:
        console.print(tree)
    assert "red mul" in capture.get()
