"""A formula that is asked for something: compiled for each kind of point that it is given, and kept for the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autodiff.evaluate.plan import Plan, stable_plan
from autodiff.evaluate.point import as_name, as_value, shape_of
from autodiff.evaluate.request import not_a_number, of_shape, output_node, requested_nodes
from autodiff.garbage import collection_paused
from autodiff.graph.compiler import Compiled, compile_program, parser
from autodiff.graph.nodes import NamedConstant
from autodiff.graph.shapes import Shape
from autodiff.language.builder import plain_name
from autodiff.language.errors import AutodiffError

Point = Mapping[str, Any]
MOST_PLANS = 32  # for so many different shapes programs are kept


class Formula:
    """The text of a formula, and the plans that were made of it. Threads may ask at the same time.

    `names` are variables where the text alone leaves a doubt, `shapes` those of variables that are declared to be
    arrays. `typed` is the formula as it was written, `stabilise` whether it may be computed in another way.
    Raises AutodiffError where the text means nothing.
    """

    __slots__ = ("names", "plans", "program", "shapes", "stabilise", "text", "typed", "without_point")

    def __init__(self, text: str, names: Iterable[str], shapes: Mapping[str, Shape], stabilise: bool) -> None:
        self.text = text
        self.stabilise = stabilise
        self.names = frozenset(map(plain_name, names))
        self.shapes = {plain_name(name): tuple(shape) for name, shape in shapes.items()}
        with collection_paused():
            self.program = parser().parse(text)
            self.typed = compile_program(self.program, text, self.names, self.shapes, stabilise=stabilise)
        self.plans: dict[object, Plan] = {}
        self.without_point: Plan | None = None
        for name in self.shapes:
            if name not in self.typed.variables:
                raise AutodiffError("unknown-name", f"'{name}' is no variable of the formula", text=text)

    @property
    def unbound(self) -> Plan:
        """The plan for what is asked without a point; made when it is needed, as symbols don't need it."""
        plan = self.without_point
        if plan is None:
            with collection_paused():
                plan = self.without_point = self.planned(self.typed)
        return plan

    def asked(
        self,
        point: Point | None,
        values: Point,
        wrt: Iterable[str] | None,
        of: str | None,
        *,
        gives_number: bool = False,
    ) -> tuple[Plan, dict[str, Any], int, dict[str, int]]:
        """The plan for a point, the point, the node to differentiate, and those to differentiate by, by name.

        Raises AutodiffError; with `gives_number` also where the value is an array.
        """
        plan, at = self.bound(point, values)
        output = output_node(plan.compiled, of, self.text)
        if gives_number and (shape := plan.compiled.graph.shapes[output]) != ():
            raise not_a_number(shape, self.text)
        return plan, at, output, requested_nodes(plan.compiled, wrt, self.text)

    def asked_by_name(
        self, wrt: Sequence[str] | None, of: str | None, point: Point | None
    ) -> tuple[Compiled, int, dict[str, int | None]]:
        """The formula as it was typed, the node to differentiate, and the nodes that names stand for, None for none."""
        compiled = self.typed
        if point is not None:
            plan, _ = self.bound(point, {})
            compiled = plan.typed or plan.compiled
        known = {**compiled.variables, **compiled.names}
        names = compiled.variables if wrt is None else wrt
        return compiled, output_node(compiled, of, self.text), {name: known.get(name) for name in names}

    def bound(self, point: Point | None, values: Point) -> tuple[Plan, dict[str, Any]]:
        """The plan for the names that have values, and those values. A constant that gets a value is a variable."""
        at = {as_name(name): as_value(name, value) for name, value in {**(point or {}), **values}.items()}
        rebound = frozenset(at.keys() & NamedConstant.VALUES.keys())
        plan = self.plan(rebound, self.shapes, {}) if rebound else self.unbound
        compiled = plan.compiled
        if at.keys() != compiled.variables.keys():
            from autodiff.evaluate.point import check_values

            check_values(at, compiled.variables, compiled.names, compiled.graph, self.text)
        shapes = {name: shape for name, value in at.items() if (shape := shape_of(value)) != ()}
        if shapes or compiled.uses_arrays:
            for name, declared in self.shapes.items():
                at[name] = of_shape(name, at[name], declared, self.text)
                shapes[name] = declared
            sizes = {name: at[name] for name in compiled.sizes if name not in shapes}
            plan = self.plan(rebound, {name: shapes.get(name, ()) for name in at}, sizes)
        return plan, at

    def plan(self, rebound: frozenset[str], shapes: Mapping[str, Shape], sizes: Mapping[str, float]) -> Plan:
        """The formula compiled for names that are variables, for shapes, and for values that shapes depend on."""
        key = (rebound, tuple(shapes.items()), tuple(sizes.items()))
        plan = self.plans.get(key)
        if plan is None:
            bound = rebound.union(self.names, self.typed.variables)
            typed = compile_program(self.program, self.text, bound, shapes, sizes, stabilise=self.stabilise)
            plan = self.planned(typed)
            if len(self.plans) >= MOST_PLANS:
                self.plans.pop(next(iter(self.plans.copy())), None)  # another thread may have been quicker
            self.plans[key] = plan
        return plan

    def planned(self, typed: Compiled) -> Plan:
        return stable_plan(typed, self.text) if self.stabilise else Plan(typed)


def as_names(wrt: Iterable[str] | None) -> list[str] | None:
    """The names that are asked for; one by itself is no list of letters."""
    return None if wrt is None else list(map(plain_name, [wrt] if isinstance(wrt, str) else wrt))
