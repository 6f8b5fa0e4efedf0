"""Hyperbolic functions and their inverses, in forms that keep their tails."""

from autodiff.graph.primitive import Primitive

ROWS = (
    Primitive("sinh(x)", ("cosh(x)",), latex=r"\sinh", doc="hyperbolic sine"),
    Primitive("cosh(x)", ("sinh(x)",), latex=r"\cosh", doc="hyperbolic cosine"),
    Primitive("tanh(x)", ("tanh_slope(x)",), textbook=("sech(x)^2",), latex=r"\tanh", doc="hyperbolic tangent"),
    # 1 - tanh(x)^2 is 0 from 19 on.
    Primitive(
        "tanh_slope(x)",
        ("-2*y*tanh(x)",),
        definition="sech(x)^2",
        doc="derivative of tanh",
        internal=True,
    ),
    Primitive("sech(x)", ("-y*tanh(x)",), doc="hyperbolic secant"),
    Primitive("csch(x)", ("-y*coth(x)",), domain="x != 0", doc="hyperbolic cosecant", aliases="cosech"),
    Primitive("coth(x)", ("-csch(x)^2",), domain="x != 0", latex=r"\coth", doc="hyperbolic cotangent"),
    Primitive(
        "asinh(x)",
        ("1/hypot(1, x)",),
        textbook=("1/sqrt(1 + x^2)",),
        latex=r"\operatorname{arsinh}",
        doc="inverse hyperbolic sine",
        aliases="arcsinh arsinh",
    ),
    Primitive(
        "acosh(x)",
        ("1/(sqrt(x - 1)*sqrt(x + 1))",),
        domain="x >= 1",
        textbook=("1/sqrt(x^2 - 1)",),
        latex=r"\operatorname{arcosh}",
        doc="inverse hyperbolic cosine",
        aliases="arccosh arcosh",
    ),
    Primitive(
        "atanh(x)",
        ("1/((1 - x)*(1 + x))",),
        domain="-1 < x < 1",
        textbook=("1/(1 - x^2)",),
        latex=r"\operatorname{artanh}",
        doc="inverse hyperbolic tangent",
        aliases="arctanh artanh",
    ),
    Primitive(
        "asech(x)",
        ("-1/(x*sqrt((1 - x)*(1 + x)))",),
        domain="0 < x <= 1",
        textbook=("-1/(x*sqrt(1 - x^2))",),
        latex=r"\operatorname{arsech}",
        doc="inverse hyperbolic secant",
        aliases="arcsech arsech",
    ),
    Primitive(
        "acsch(x)",
        ("-1/abs(x)/hypot(1, x)",),
        domain="x != 0",
        textbook=("-1/(abs(x)*sqrt(1 + x^2))",),
        latex=r"\operatorname{arcsch}",
        doc="inverse hyperbolic cosecant",
        aliases="arccsch arcsch",
    ),
    Primitive(
        "acoth(x)",
        ("1/(1 - x)/(1 + x)",),
        domain="x < -1 or x > 1",
        textbook=("1/(1 - x^2)",),
        latex=r"\operatorname{arcoth}",
        doc="inverse hyperbolic cotangent",
        aliases="arccoth arcoth",
    ),
)
