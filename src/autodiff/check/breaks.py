"""Where formulas break along the axes: kinks, jumps, ends of domains; and points on both sides of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from math import isfinite

from autodiff.check.points import Point, is_within, rounded
from autodiff.check.question import Interval
from autodiff.curve.branches import condition, sides
from autodiff.evaluate.program import Program
from autodiff.graph.nodes import Graph, Node
from autodiff.graph.primitive import Primitive

FAR = (1e5, 1e6, 1e7, 1e9, 1e12, 1e15, 1e30, 1e100)
SCALE = (*(m * 10.0**e for e in range(-6, 5) for m in (1, 1.7, 3.1, 5.3)), *FAR)
GRID = (*(-value for value in reversed(SCALE)), 0.0, *SCALE)
MOST_BREAKS, BISECTIONS, NARROWINGS = 12, 80, 60
MOST_VARIABLES, MOST_POINTS = 4, 100
TOUCHING = 1e-6  # of the distances beside it is the least one, where a break is touched
# What touches 0 without a change of sign has a kink, though there is none in the table: sqrt((x - 5)^2).
ROOTS = ("sqrt", "cbrt", "root", "pow")


class Breaks:
    """The breaks of a graph, whose program computes the floats of its nodes; `results` are what must have values."""

    def __init__(self, graph: Graph, program: Program, results: Sequence[int]) -> None:
        self.program = program
        self.results = results
        computed = {position for position, _, _ in program.instructions}
        nodes = [(position, graph.nodes[position]) for position in sorted(computed)]
        self.kinks: list[tuple[int, Primitive, tuple[int, ...]]] = [
            (position, node.primitive, node.operands) for position, node in nodes if node.primitive.has_kinks
        ]
        self.roots = [node.operands[0] for _, node in nodes if is_root(graph, node)]

    def points(self, base: Point, intervals: Mapping[str, Interval]) -> Iterator[Point]:
        """Points between the breaks along each axis through `base`, and beside each; then combinations of axes."""
        choices: dict[str, list[float]] = {name: [float(value)] for name, value in base.items()}
        for name in list(base)[:MOST_VARIABLES]:
            found = self.along(base, name, intervals.get(name))
            choices[name] += [value for value in between(found) if is_within(value, intervals.get(name))]
        chosen = list(choices.values())
        for index, name in enumerate(choices):  # one axis at a time first
            for value in chosen[index][1:]:
                yield {**base, name: rounded(value)}
        if sum(len(values) > 1 for values in chosen) > 1:
            for combined in islice(product(*chosen), MOST_POINTS):
                yield {name: rounded(value) for name, value in zip(choices, combined, strict=True)}

    def along(self, base: Point, name: str, interval: Interval | None) -> list[float]:
        """The breaks along an axis, in order."""
        ends = [end for end in (interval[1:] if interval else ()) if isfinite(end)]
        values = sorted({value for value in (*GRID, *ends, float(base[name])) if is_within(value, interval)})
        states = [self.state(base, name, value) for value in values]
        found: list[float] = []
        for (low, below), (high, above) in pairwise(zip(values, states, strict=True)):
            found += self.crossed(base, name, low, below, high, above)
        for index in range(1, len(values) - 1):
            around = zip(*(states[index + step].distances for step in (-1, 0, 1)), strict=True)
            for number, (before, here, after) in enumerate(around):
                if same_sign(before, here, after) and is_least(abs(before), abs(here), abs(after)):
                    found += self.touched(base, name, values[index - 1], values[index + 1], number)
        return sorted(sorted(set(found), key=abs)[: 4 * MOST_BREAKS])

    def crossed(self, base: Point, name: str, low: float, below: State, high: float, above: State) -> list[float]:
        """All breaks between two values, from the first one on."""
        found: list[float] = []
        while below.sides != above.sides and len(found) < MOST_BREAKS:
            near, far = low, high
            for _ in range(BISECTIONS):
                between = middle(near, far)
                if between in (near, far):
                    break
                if self.state(base, name, between).sides == below.sides:
                    near = between
                else:
                    far = between
            found.append(far)
            low, below = far, self.state(base, name, far)
        return found

    def touched(self, base: Point, name: str, low: float, high: float, number: int) -> list[float]:
        """The place between two values where a distance is least, and the breaks beside it if it is crossed there."""
        first, last = low, high
        for _ in range(NARROWINGS):
            third = (high - low) / 3
            left, right = low + third, high - third
            distances = [abs(self.state(base, name, value).distances[number]) for value in (left, right)]
            low, high = (low, right) if distances[0] <= distances[1] else (left, high)
        place = middle(low, high)
        states = [self.state(base, name, value) for value in (first, place, last)]
        least, *around_it = [abs(states[index].distances[number]) for index in (1, 0, 2)]
        if states[1].sides == states[0].sides == states[2].sides and least > TOUCHING * max(around_it):
            return []
        around = self.crossed(base, name, first, states[0], place, states[1])
        return [*around, place, *self.crossed(base, name, place, states[1], last, states[2])]

    def state(self, base: Point, name: str, value: float) -> State:
        """On which sides of the breaks a value of a variable is, and how far from them."""
        values = self.program.run({**{other: float(number) for other, number in base.items()}, name: value})
        where = [float(isfinite(values[result])) for result in self.results]
        distances = [values[root] for root in self.roots]
        for position, primitive, operands in self.kinks:
            count = len(operands)
            numbers = [values[operand] for operand in operands]
            met = condition(primitive.kinks_of(count))
            names = primitive.operand_names(count)
            where += sides(met, names, numbers, values[position])
            if met.ties:
                distances += [first - second for first, second in pairwise(numbers)]
            elif met.equations:
                inside = met.program.run(dict(zip(names, numbers, strict=True), y=values[position]))
                distances += [inside[left] - inside[right] for left, right in met.equations]
        return State(tuple(where), distances)


def is_root(graph: Graph, node: Node) -> bool:
    return node.primitive.name in ROOTS and not isinstance(graph.number(node.operands[-1]), int)


class State:
    """On which sides of the breaks a point is, and how far from those that have a distance."""

    __slots__ = ("distances", "sides")

    def __init__(self, sides: tuple[float, ...], distances: list[float]) -> None:
        self.sides = sides
        self.distances = distances


def same_sign(*numbers: float) -> bool:
    return all(number > 0 for number in numbers) or all(number < 0 for number in numbers)


def is_least(before: float, here: float, after: float) -> bool:
    return here <= min(before, after) and here < max(before, after)


def middle(low: float, high: float) -> float:
    """Between two values; of large and of small ones that by their sizes, so that few steps reach both."""
    if low > 0 and high / low > 4:
        return float((low * high) ** 0.5) if low * high < 1e300 else low * (high / low) ** 0.5
    if high < 0 and low / high > 4:
        return -middle(-high, -low)
    return low + (high - low) / 2


def between(found: Sequence[float]) -> Iterator[float]:
    """A value in each gap, and values beside each break."""
    if not found:
        return
    yield found[0] - max(1.0, abs(found[0])) / 7
    for low, high in pairwise(found):
        yield middle(low, high)
    yield found[-1] + max(1.0, abs(found[-1])) / 7
    for place in found:
        near = max(abs(place), 1e-3) / 1024
        yield place - near
        yield place + near
