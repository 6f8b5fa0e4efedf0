"""Whether two formulas are equal wherever both have values, and how that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from math import inf, isfinite
from random import Random

from autodiff.check.breaks import Breaks
from autodiff.check.comparison import BITS, DIGITS, Comparison, Formulas, Found, State
from autodiff.check.evidence import Evidence, Missing, number_text
from autodiff.check.magnitude import magnitude
from autodiff.check.points import Point, beside, random_points, small_points
from autodiff.check.question import Interval
from autodiff.check.verdict import RIGHT, UNDECIDED, WRONG
from autodiff.evaluate.digits import digits
from autodiff.evaluate.floats import FLOATS
from autodiff.evaluate.program import build_program

ENOUGH, ENOUGH_IF_PROVED, FEWEST = 24, 10, 8  # points
MOST_TRIED = 400
CLEAR = 1e-6  # relative difference of two floats that is worth a look with more digits
OBVIOUS = 1e-3  # that of two floats beside a point where many digits say that the formulas differ
NEIGHBOURS = 4
MOST_OPEN = 6  # points that no number of digits decides, after which it is given up


class Search:
    """One decision. `conditions` are nodes that must hold, `intervals` where variables may be.

    One that is not `thorough` looks at fewer points, for what no mark depends on.
    """

    def __init__(
        self,
        formulas: Formulas,
        conditions: Sequence[int] = (),
        intervals: Mapping[str, Interval] | None = None,
        seed: int = 0,
        *,
        thorough: bool = True,
    ) -> None:
        self.formulas = formulas
        self.thorough = thorough
        self.conditions = conditions
        self.intervals = intervals or {}
        self.names = tuple(formulas.variables)
        self.random = Random(seed)
        self.finest = inf
        self.real_only = False
        graph, _, expected, given, domain = formulas
        self.floats = build_program(graph, [expected, given, *domain, *conditions], FLOATS)
        self.exact = Comparison(formulas, digits, BITS if thorough else BITS[:2])
        self.missing: dict[State, Missing] = {}
        self.without_given = 0  # points where only the expected one has a value
        self.open_points = 0
        self.doubtful: Point | None = None  # where floats differ, and many digits don't tell

    def decide(self, is_proved: Callable[[], bool]) -> Evidence:
        """Numbers are asked first for a counterexample, then the proof, then numbers for agreement."""
        close: list[Point] = []
        counter = self.look_at(self.small(), close, ENOUGH, special=True)
        if counter is not None:
            return counter
        proved = is_proved()
        enough = ENOUGH_IF_PROVED if proved or not self.thorough else ENOUGH
        counter = self.look_at(self.others(), close, enough)
        if counter is None and self.thorough and not proved:
            counter = self.look_at(self.sides(close), close, special=True)
        if counter is not None:
            return counter
        if proved and close:
            return Evidence(RIGHT, "proved", len(close), missing=tuple(self.missing.values()))
        return self.compare(close)

    def small(self) -> Iterator[Point]:
        return small_points(self.names, self.intervals)

    def others(self) -> Iterator[Point]:
        return islice(random_points(self.names, self.intervals, self.random), MOST_TRIED)

    def sides(self, close: list[Point]) -> Iterable[Point]:
        """Points on both sides of every break of the formulas."""
        graph, _, expected, given, domain = self.formulas
        breaks = Breaks(graph, self.floats, [expected, given, *domain, *self.conditions])
        if not (breaks.kinks or breaks.roots) and len(close) >= ENOUGH_IF_PROVED:
            return ()
        base = close[0] if close else next(self.small(), {})
        other = close[-1] if close else next(self.others(), {})
        bases = [base] if len(self.names) == 1 else [base, other]
        return chain.from_iterable(breaks.points(point, self.intervals) for point in bases if point)

    def look_at(
        self, points: Iterable[Point], close: list[Point], enough: float = inf, *, special: bool = False
    ) -> Evidence | None:
        """A counterexample among points, by their floats first; those at which there is none join `close`.

        `special` points, integers, do so only if both formulas have values beside them, too.
        """
        for point in points:
            if len(close) >= enough:
                break
            state = self.by_floats(point)
            if state is State.AGREE:
                if not special or self.is_inside(point):
                    close.append(point)
            elif state is State.DIFFER or self.is_news(state):
                found = self.exact.at(point)
                if found.state is State.DIFFER and self.is_no_accident(point, found):
                    return self.wrong(point, found)
                if found.state is State.AGREE and (not special or self.is_inside(point)):
                    close.append(point)
                if found.state in (State.ONLY_EXPECTED, State.ONLY_GIVEN):
                    self.note_missing(found, point)
                if found.state is State.OPEN and state is State.DIFFER:
                    self.open_points += 1
                    self.doubtful = self.doubtful or (None if special else point)
        return None

    def is_news(self, state: State) -> bool:
        """Whether a point where only one has a value, as floats look, is worth asking many digits."""
        if state is State.ONLY_EXPECTED:
            return self.without_given < FEWEST
        return state is State.ONLY_GIVEN and state not in self.missing

    def is_inside(self, point: Point) -> bool:
        """Whether both formulas have values beside a point."""
        if not self.names:
            return True
        near = (self.by_floats(beside(point, self.random, self.intervals)) for _ in range(NEIGHBOURS))
        return any(state in (State.AGREE, State.DIFFER) for state in near)

    def by_floats(self, point: Point, clear: float = CLEAR) -> State:
        """What the floats at a point look like; `clear` is the relative difference that counts."""
        values = self.floats.run({name: float(value) for name, value in point.items()})
        for condition in self.conditions:
            if not values[condition] or values[condition] != values[condition]:
                return State.OUTSIDE
        _, _, expected, given, domain = self.formulas
        if not all(isfinite(values[node]) for node in domain):
            return State.OUTSIDE
        first, second = values[expected], values[given]
        if isfinite(first) and isfinite(second):
            return State.DIFFER if abs(first - second) > clear * max(abs(first), abs(second)) else State.AGREE
        return State.ONLY_EXPECTED if isfinite(first) else State.ONLY_GIVEN if isfinite(second) else State.NEITHER

    def is_no_accident(self, point: Point, found: Found) -> bool:
        """Whether the two differ beside the point, too: a difference at a single point is none of the formulas."""
        difference = magnitude(found.given - found.expected)
        for turn in range(NEIGHBOURS if self.names else 0):
            near = beside(point, self.random, self.intervals, turn)
            state = self.by_floats(near, clear=OBVIOUS)
            if state is State.DIFFER and all(float(near[name]) != float(point[name]) for name in self.names):
                return True
            if (
                state in (State.AGREE, State.DIFFER)
                and self.exact.at(near, finest=difference - 3).state is State.DIFFER
            ):
                return True
        return not self.names

    def note_missing(self, found: Found, point: Point) -> None:
        """Keeps a point where only one has a value, unless the function has a kink there."""
        self.without_given += found.state is State.ONLY_EXPECTED
        known = self.missing.get(found.state)
        if known is not None and not known.alone:
            return
        near = [beside(point, self.random, self.intervals) for _ in range(NEIGHBOURS)]
        states = [self.exact.at(other) for other in near if self.by_floats(other) is not State.OUTSIDE]
        if any(other.state is found.state for other in states):
            self.missing[found.state] = Missing(point, found, alone=False)
        elif found.state is State.ONLY_EXPECTED and states and all(is_continued(found, other) for other in states):
            self.missing[found.state] = Missing(point, found, alone=True)

    def compare(self, close: Sequence[Point]) -> Evidence:
        """Agreement with many digits at the points that floats left open."""
        agreed, least = 0, 10 * DIGITS
        for point in close:
            found = self.exact.at(point, self.finest)
            if found.state is State.DIFFER and self.is_no_accident(point, found):
                return self.wrong(point, found)
            if found.state in (State.ONLY_EXPECTED, State.ONLY_GIVEN):
                self.note_missing(found, point)
            if found.state is State.AGREE:
                agreed += 1
                least = min(least, found.digits)
            self.open_points += found.state is State.OPEN
            if self.open_points > MOST_OPEN + agreed:
                break
        missing = tuple(self.missing.values())
        if self.exact.is_exhausted:
            return Evidence(UNDECIDED, "a limit was reached: the formulas are too large", agreed, missing=missing)
        if self.doubtful is not None:
            at = ", ".join(f"{name} = {number_text(value)}" for name, value in self.doubtful.items())
            return Evidence(
                UNDECIDED, f"no number of digits tells the two apart or together at {at}", agreed, missing=missing
            )
        if agreed >= (FEWEST if self.names else 1) and self.open_points <= agreed:
            how = f"agrees at {counted(agreed, 'point')} to {min(least, DIGITS)} digits"
            return Evidence(RIGHT, how, agreed, min(least, DIGITS), missing=missing)
        nowhere = self.missing.get(State.ONLY_EXPECTED)
        if nowhere is not None and not nowhere.alone and self.without_given >= (FEWEST if self.names else 1):
            how = "has no value where a value is expected"
            return Evidence(WRONG, how, self.without_given, None, nowhere.point, nowhere.found)
        if self.open_points > agreed:
            return Evidence(UNDECIDED, "no number of digits tells the two apart or together", agreed, missing=missing)
        return self.compare_complex(agreed)

    def compare_complex(self, agreed: int) -> Evidence:
        """Where there are few real points, complex ones; they can't tell branches apart from mistakes."""
        from autodiff.check.complex_points import complex_evidence

        missing = tuple(self.missing.values())
        if self.conditions or self.intervals or self.real_only or not self.names:
            return Evidence(UNDECIDED, no_domain(agreed), agreed, missing=missing)
        found = complex_evidence(self.formulas, self.random)
        return (found or Evidence(UNDECIDED, no_domain(agreed), agreed))._replace(missing=missing)

    def wrong(self, point: Point, found: Found) -> Evidence:
        missing = tuple(self.missing.values())
        return Evidence(WRONG, "differs at a point", 1, None, point, found, missing)


def no_domain(agreed: int) -> str:
    if agreed:
        return f"only {counted(agreed, 'point')} where both have values were found, too few to tell"
    return "no point was found where both have values"


def is_continued(found: Found, near: Found) -> bool:
    """Whether the expected value goes on beside the point, so that there is no kink of the function in it."""
    if near.state is not State.AGREE:
        return False
    return bool(abs(near.expected - found.expected) <= abs(found.expected) / 8 + abs(near.expected) / 8 + 1 / 8)


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "point"), counted(2, "point")
    ('1 point', '2 points')
    """
    return f"{number} {noun}" + ("s" if number != 1 else "")
