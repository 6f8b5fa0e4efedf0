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
# The quotient may be subnormal where this is not.
QUOTIENT_SLOPE = Primitive(
    "quotient_slope(a, b)",
    ("-1/b/b", "-2*y/b"),
    definition="-a/b^2",
    doc="derivative of a/b in b",
    internal=True,
)
# The power may overflow where its multiple is an everyday number.
POWER_SLOPE = Primitive(
    "power_slope(a, b)",
    (
        "strong_product(b, power_slope(a, b - 1))",
        "lowered_power(a, b) + strong_product(b, exponent_slope(lowered_power(a, b), a, b))",
    ),
    definition="strong_product(b, lowered_power(a, b))",
    doc="derivative of a^b in a",
    internal=True,
)
# The power itself is subnormal or infinite before this is.
EXPONENT_SLOPE = Primitive(
    "exponent_slope(value, a, b)",
    ("log(a)", "strong_product(value, 1/a)", "0"),
    definition="strong_product(value, log(a))",
    doc="derivative of a^b, which is value, in b",
    internal=True,
)
# As accurate where the root, or the root divided by x, is subnormal or infinite.
ROOT_SLOPE = Primitive(
    "root_slope(x, n)",
    ("y*(1/n - 1)/x", "root_order_slope(x, n)/x/n - y/n"),
    definition="where(x == 0, x^(1/n - 1)/n, root(x, n)/x/n)",
    doc="derivative of root in x",
    internal=True,
)
ROOT_ORDER_SLOPE = Primitive(
    "root_order_slope(x, n)",
    ("-(root_slope(x, n)*log(x) + root(x, n)/x)/n/n", "-root_order_slope(x, n)*log(x)/n/n - 2*y/n"),
    definition="-strong_product(root(x, n), log(x))/n/n",
    doc="derivative of root in n",
    internal=True,
)

ROWS = (
    Primitive("add(a, b)", ("1", "1"), latex="#1 + #2", doc="sum"),
    Primitive("sub(a, b)", ("1", "-1"), latex="#1 - #2", doc="difference"),
    Primitive("mul(a, b)", ("b", "a"), latex="#1 #2", doc="product"),
    Primitive("div(a, b)", ("1/b", "quotient_slope(a, b)"), latex=r"\frac{#1}{#2}", doc="quotient", domain="b != 0"),
    QUOTIENT_SLOPE,
    Primitive("neg(a)", ("-1",), latex="-#1", doc="negative"),
    Primitive("identity(a)", ("1",), doc="a itself, under a name", definition="a", internal=True),
    Primitive(
        "pow(a, b)",
        # No logarithm of the base in the first: x^2 has a derivative at -3. Zero to a positive power stays zero
        # whatever the power, so the second is 0 there, though log(0) is not finite.
        ("power_slope(a, b)", "exponent_slope(y, a, b)"),
        domain="a > 0 or b == floor(b) and (a != 0 or b >= 0) or a == 0 and b > 0",
        latex="#1^{#2}",
        doc="a to the power b",
        aliases="power",
    ),
    STRONG_PRODUCT,
    LOWERED_POWER,
    POWER_SLOPE,
    EXPONENT_SLOPE,
    Primitive("square(x)", ("2*x",), definition="x*x", latex="#1^{2}", doc="x^2", aliases="sqr"),
    Primitive("sqrt(x)", ("1/(2*y)",), domain="x >= 0", latex=r"\sqrt{#1}", doc="square root"),
    Primitive("cbrt(x)", ("1/(3*y^2)",), latex=r"\sqrt[3]{#1}", doc="real cube root"),
    Primitive(
        "root(x, n)",
        ("root_slope(x, n)", "root_order_slope(x, n)"),
        domain="n != 0 and (x > 0 or x == 0 and n > 0 or x < 0 and n == 2*floor(n/2) + 1 and abs(n) < 2^53)",
        textbook=("y/(n*x)", "-y*log(x)/n^2"),
        latex=r"\sqrt[#2]{#1}",
        doc="n-th root; real for odd n where x is negative",
    ),
    ROOT_SLOPE,
    ROOT_ORDER_SLOPE,
    Primitive("abs(x)", ("sign(x)",), kinks="x == 0", latex=r"\left|#1\right|", doc="absolute value", aliases="fabs"),
    Primitive("sign(x)", ("0",), kinks="x == 0", latex=r"\operatorname{sgn}", doc="-1, 0 or 1", aliases="sgn signum"),
    Primitive(
        "floor(x)", ("0",), kinks="x == floor(x)", latex=r"\left\lfloor #1 \right\rfloor", doc="largest integer up to x"
    ),
    Primitive(
        "ceil(x)",
        ("0",),
        kinks="x == floor(x)",
        latex=r"\left\lceil #1 \right\rceil",
        doc="smallest integer from x on",
        aliases="ceiling",
    ),
    Primitive(
        "round(x)",
        ("0",),
        kinks="x - floor(x) == 1/2",
        doc="nearest integer, halves to the even one",
    ),
    Primitive(
        "mod(a, b)",
        ("1", "-round(a/b - y/b)"),  # an integer: rounding mends what the divisions lost
        domain="b != 0",
        kinks="y == 0",
        textbook=("1", "-floor(a/b)"),
        doc="a - b*floor(a/b), with the sign of b",
    ),
    Primitive(
        "min(x, ...)",
        lambda x, ties: f"where({x} == y, 1/{ties}, 0)",
        kinks=lambda all_of_them: f"ties(y, {all_of_them}) > 1",
        latex=r"\min",
        textbook=("where(x1 < x2, 1, where(x1 == x2, 1/2, 0))", "where(x2 < x1, 1, where(x1 == x2, 1/2, 0))"),
        doc="smallest operand; a tie is split evenly",
    ),
    Primitive(
        "max(x, ...)",
        lambda x, ties: f"where({x} == y, 1/{ties}, 0)",
        kinks=lambda all_of_them: f"ties(y, {all_of_them}) > 1",
        latex=r"\max",
        textbook=("where(x1 > x2, 1, where(x1 == x2, 1/2, 0))", "where(x2 > x1, 1, where(x1 == x2, 1/2, 0))"),
        doc="largest operand; a tie is split evenly",
    ),
    Primitive(
        "ties(x, ...)",
        lambda x, ties: "0",
        definition=lambda names: " + ".join(f"({name} == {names[0]})" for name in names[1:]),
        doc="how many of the others equal the first",
        internal=True,
    ),
    Primitive(
        "clip(x, low, high)",
        # As of the min of a max, whose value high is where low is above it; a tie is split evenly.
        (
            "where(x == y and low <= high, 1/ties(y, x, low, high), 0)",
            "where(low == y and x <= low <= high, 1/ties(y, x, low, high), 0)",
            "where(high == y, where(x > high or low > high, 1, 1/ties(y, x, low, high)), 0)",
        ),
        textbook=(
            "where(low < x < high, 1, where(low < high and (x == low or x == high), 1/2, 0))",
            "where(low == y and x <= low <= high, 1/ties(y, x, low, high), 0)",
            "where(high == y, where(x > high or low > high, 1, 1/ties(y, x, low, high)), 0)",
        ),
        kinks="low <= high and x <= high and ties(y, x, low, high) > 1",
        definition="min(max(x, low), high)",
        doc="x, but at least low and at most high",
        aliases="clamp",
    ),
)
