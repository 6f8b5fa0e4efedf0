"""Exponentials and logarithms. `log2(e)/x` rather than `1/(x*log(2))`: the product over- or underflows at the ends."""

from autodiff.graph.primitive import Primitive

ROWS = (
    Primitive("exp(x)", ("y",), latex="e^{#1}", doc="e to the power x"),
    Primitive("expm1(x)", ("exp(x)",), doc="exp(x) - 1, accurate near 0"),
    Primitive("exp2(x)", ("y*log(2)",), latex="2^{#1}", doc="2 to the power x"),
    Primitive("log(x)", ("1/x",), domain="x > 0", latex=r"\ln", doc="natural logarithm", aliases="ln"),
    Primitive("log1p(x)", ("1/(1 + x)",), domain="x > -1", doc="log(1 + x), accurate near 0"),
    Primitive(
        "log2(x)",
        ("1/log(2)/x",),
        domain="x > 0",
        textbook=("1/(x*log(2))",),
        latex=r"\log_{2}",
        doc="logarithm to base 2",
        aliases="ld",
    ),
    Primitive(
        "log10(x)",
        ("1/log(10)/x",),
        domain="x > 0",
        textbook=("1/(x*log(10))",),
        latex=r"\log_{10}",
        doc="logarithm to base 10",
        aliases="lg",
    ),
    Primitive(
        "log_base(x, base)",
        ("1/log(base)/x", "log_base_slope(x, base)"),
        domain="x > 0 and base > 0 and base != 1",
        textbook=("1/(x*log(base))", "-log(x)/(base*log(base)^2)"),
        latex=r"\log_{#2}\left(#1\right)",
        doc="logarithm of x to the base; written log(x, base)",
        aliases="logb",
    ),
    # Three functions and three quotients, all rounded, would add up to 4 ULP.
    Primitive(
        "log_base_slope(x, base)",
        ("-1/log(base)^2/base/x", "-y*(1 + 2/log(base))/base"),
        domain="x > 0 and base > 0 and base != 1",
        definition="-log(x)/log(base)^2/base",
        doc="derivative of log_base in the base",
        internal=True,
    ),
    Primitive(
        "xlogy(a, b)",
        ("log(b)", "where(a == 0 and b == 0, 0, a/b)"),
        domain="b > 0 or a == 0 and b == 0",
        textbook=("log(b)", "a/b"),
        doc="a*log(b), and 0 where a is 0",
    ),
    Primitive(
        "logaddexp(a, b)",
        ("sigmoid_of_difference(a, b)", "sigmoid_of_difference(b, a)"),
        doc="log(exp(a) + exp(b)), without overflow",
    ),
    # a - b is rounded, and the exponential would magnify that.
    Primitive(
        "sigmoid_of_difference(a, b)",
        ("y*sigmoid_of_difference(b, a)", "-y*sigmoid_of_difference(b, a)"),
        definition="sigmoid(a - b)",
        doc="sigmoid(a - b), without rounding a - b",
        internal=True,
    ),
)
