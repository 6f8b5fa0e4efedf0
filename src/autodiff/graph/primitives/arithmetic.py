"""Sums, products, powers and roots."""

from autodiff.graph.primitive import Primitive

# The chain rule multiplies by this: an adjoint that is exactly zero stops there, so that a branch that was not
# selected can't poison the gradient with the infinity or the NaN of its partial.
STRONG_PRODUCT = Primitive(
    "strong_product(a, b)",
    ("b", "a"),
    definition="a*b",
    doc="a*b, and 0 where a is exactly 0",
    internal=True,
)
# x^(n-1) with the n - 1 that is meant: its rounding would cost hundreds of ULP for a large or tiny base.
LOWERED_POWER = Primitive(
    "lowered_power(a, b)",
    ("strong_product(b - 1, lowered_power(a, b - 1))", "strong_product(y, log(a))"),
    definition="a^(b - 1)",
    doc="a^(b - 1), without rounding b - 1",
    internal=True,
)

ROWS = (
    Primitive("add(a, b)", ("1", "1"), doc="a + b"),
    Primitive("sub(a, b)", ("1", "-1"), doc="a - b"),
    Primitive("mul(a, b)", ("b", "a"), doc="a * b"),
    Primitive("div(a, b)", ("1/b", "-y/b"), doc="a / b", domain="b != 0"),
    Primitive("neg(a)", ("-1",), doc="-a"),
    Primitive("identity(a)", ("1",), doc="a itself, under a name", definition="a", internal=True),
    Primitive(
        "pow(a, b)",
        # No logarithm of the base in the first: x^2 has a derivative at -3. Zero to a positive power stays zero
        # whatever the power, so the second is 0 there, though log(0) is not finite.
        ("strong_product(b, lowered_power(a, b))", "strong_product(y, log(a))"),
        domain="a > 0 or b == floor(b) and (a != 0 or b >= 0) or a == 0 and b > 0",
        doc="a to the power b",
        aliases="power",
    ),
    STRONG_PRODUCT,
    LOWERED_POWER,
    Primitive("square(x)", ("2*x",), definition="x*x", doc="x^2", aliases="sqr"),
    Primitive("sqrt(x)", ("1/(2*y)",), domain="x >= 0", doc="square root"),
    Primitive("cbrt(x)", ("1/(3*y^2)",), doc="real cube root"),
    Primitive(
        "root(x, n)",
        ("where(x == 0, x^(1/n - 1)/n, y/x/n)", "-strong_product(y, log(x))/n/n"),
        domain="x >= 0 or n == 2*floor(n/2) + 1",
        doc="n-th root; real for odd n where x is negative",
    ),
    Primitive("abs(x)", ("sign(x)",), kinks="x == 0", doc="absolute value", aliases="fabs"),
    Primitive("sign(x)", ("0",), kinks="x == 0", doc="-1, 0 or 1", aliases="sgn signum"),
    Primitive("floor(x)", ("0",), kinks="x == floor(x)", doc="largest integer up to x"),
    Primitive("ceil(x)", ("0",), kinks="x == floor(x)", doc="smallest integer from x on", aliases="ceiling"),
    Primitive(
        "round(x)",
        ("0",),
        kinks="x - floor(x) == 1/2",
        doc="nearest integer, halves to the even one",
    ),
    Primitive(
        "mod(a, b)",
        ("1", "-round((a - y)/b)"),  # the quotient is an integer: rounding mends what the division lost
        domain="b != 0",
        kinks="y == 0",
        doc="a - b*floor(a/b), with the sign of b",
    ),
    Primitive(
        "min(x, ...)",
        lambda x, all_of_them: f"where({x} == y, 1/ties(y, {all_of_them}), 0)",
        kinks=lambda all_of_them: f"ties(y, {all_of_them}) > 1",
        doc="smallest operand; a tie is split evenly",
    ),
    Primitive(
        "max(x, ...)",
        lambda x, all_of_them: f"where({x} == y, 1/ties(y, {all_of_them}), 0)",
        kinks=lambda all_of_them: f"ties(y, {all_of_them}) > 1",
        doc="largest operand; a tie is split evenly",
    ),
    Primitive(
        "ties(x, ...)",
        lambda x, all_of_them: "0",
        doc="how many of the others equal the first",
        internal=True,
    ),
    Primitive(
        "clip(x, low, high)",
        # The bounds count as parameters: at a bound each one-sided derivative is 0 or 1, and 0 has the smaller norm.
        ("where(low < x and x < high, 1, 0)", "where(x < low, 1, 0)", "where(x > high, 1, 0)"),
        domain="low <= high",
        kinks="x == low or x == high",
        definition="min(max(x, low), high)",
        doc="x, but at least low and at most high",
        aliases="clamp",
    ),
)
