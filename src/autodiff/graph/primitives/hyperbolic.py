"""Hyperbolic functions and their inverses, in forms that keep their tails."""

from autodiff.graph.primitive import Primitive

ROWS = (
    Primitive("sinh(x)", ("cosh(x)",), doc="hyperbolic sine"),
    Primitive("cosh(x)", ("sinh(x)",), doc="hyperbolic cosine"),
    Primitive("tanh(x)", ("tanh_slope(x)",), doc="hyperbolic tangent"),
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
    Primitive("coth(x)", ("-csch(x)^2",), domain="x != 0", doc="hyperbolic cotangent"),
    Primitive("asinh(x)", ("1/hypot(1, x)",), doc="inverse hyperbolic sine", aliases="arcsinh arsinh"),
    Primitive(
        "acosh(x)",
        ("1/(sqrt(x - 1)*sqrt(x + 1))",),
        domain="x >= 1",
        doc="inverse hyperbolic cosine",
        aliases="arccosh arcosh",
    ),
    Primitive(
        "atanh(x)",
        ("1/((1 - x)*(1 + x))",),
        domain="-1 < x < 1",
        doc="inverse hyperbolic tangent",
        aliases="arctanh artanh",
    ),
    Primitive(
        "asech(x)",
        ("-1/(x*sqrt((1 - x)*(1 + x)))",),
        domain="0 < x <= 1",
        doc="inverse hyperbolic secant",
        aliases="arcsech arsech",
    ),
    Primitive(
        "acsch(x)",
        ("-1/abs(x)/hypot(1, x)",),
        domain="x != 0",
        doc="inverse hyperbolic cosecant",
        aliases="arccsch arcsch",
    ),
    Primitive(
        "acoth(x)",
        ("1/(1 - x)/(1 + x)",),
        domain="x < -1 or x > 1",
        doc="inverse hyperbolic cotangent",
        aliases="arccoth arcoth",
    ),
)
