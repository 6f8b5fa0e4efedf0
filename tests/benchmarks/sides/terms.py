"""A sum of distinct terms, so that no two of them are one node of the graph."""


def formula(count: int) -> str:
    return " + ".join(f"x{i % 50}*sin(y{i % 70} + {i / 1000})" for i in range(count))


def point() -> dict[str, float]:
    """A value for each variable of a sum of 70 terms or more."""
    return {**{f"x{i}": 0.5 + i / 100 for i in range(50)}, **{f"y{i}": 0.25 + i / 100 for i in range(70)}}
