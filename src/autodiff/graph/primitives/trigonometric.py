"""Circular functions and their inverses.

`1/hypot(1, x)/hypot(1, x)` rather than `1/(1 + x^2)`: the square overflows from 1e154 on, the derivative vanishes
only from 1e162. `sqrt((1 - x)*(1 + x))` rather than `sqrt(1 - x^2)`: near 1 the square cancels all digits.
"""

from autodiff.graph.primitive import Primitive

ROWS = (
    Primitive("sin(x)", ("cos(x)",), latex=r"\sin", doc="sine"),
    Primitive("cos(x)", ("-sin(x)",), latex=r"\cos", doc="cosine"),
    Primitive(
        "tan(x)", ("1 + y^2",), domain="cos(x) != 0", textbook=("sec(x)^2",), latex=r"\tan", doc="tangent", aliases="tg"
    ),
    Primitive("sec(x)", ("y*tan(x)",), domain="cos(x) != 0", definition="1/cos(x)", latex=r"\sec", doc="secant"),
    Primitive(
        "csc(x)",
        ("-y/tan(x)",),
        domain="sin(x) != 0",
        definition="1/sin(x)",
        textbook=("-y*cot(x)",),
        latex=r"\csc",
        doc="cosecant",
        aliases="cosec",
    ),
    Primitive(
        "cot(x)",
        ("-1/sin(x)^2",),
        domain="sin(x) != 0",
        definition="1/tan(x)",
        textbook=("-csc(x)^2",),
        latex=r"\cot",
        doc="cotangent",
        aliases="cotan ctg",
    ),
    Primitive(
        "asin(x)",
        ("1/sqrt((1 - x)*(1 + x))",),
        domain="-1 <= x <= 1",
        textbook=("1/sqrt(1 - x^2)",),
        latex=r"\arcsin",
        doc="inverse sine, from -pi/2 to pi/2",
        aliases="arcsin",
    ),
    Primitive(
        "acos(x)",
        ("-1/sqrt((1 - x)*(1 + x))",),
        domain="-1 <= x <= 1",
        textbook=("-1/sqrt(1 - x^2)",),
        latex=r"\arccos",
        doc="inverse cosine, from 0 to pi",
        aliases="arccos",
    ),
    Primitive(
        "atan(x)",
        ("1/hypot(1, x)/hypot(1, x)",),
        textbook=("1/(1 + x^2)",),
        latex=r"\arctan",
        doc="inverse tangent, from -pi/2 to pi/2",
        aliases="arctan",
    ),
    Primitive(
        "asec(x)",
        ("1/abs(x)/(sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",),
        domain="abs(x) >= 1",
        textbook=("1/(abs(x)*sqrt(x^2 - 1))",),
        latex=r"\operatorname{arcsec}",
        doc="inverse secant, acos(1/x)",
        aliases="arcsec",
    ),
    Primitive(
        "acsc(x)",
        ("-1/abs(x)/(sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",),
        domain="abs(x) >= 1",
        textbook=("-1/(abs(x)*sqrt(x^2 - 1))",),
        latex=r"\operatorname{arccsc}",
        doc="inverse cosecant, asin(1/x)",
        aliases="arccsc arccosec",
    ),
    Primitive(
        "acot(x)",
        ("-1/hypot(1, x)/hypot(1, x)",),
        kinks="x == 0",
        textbook=("-1/(1 + x^2)",),
        latex=r"\operatorname{arccot}",
        doc="inverse cotangent, atan(1/x); it jumps at 0",
        aliases="arccot",
    ),
    Primitive(
        "atan2(a, b)",
        ("angle_slope(a, b)", "-angle_slope(b, a)"),
        domain="a != 0 or b != 0",
        kinks="a == 0 and b < 0",
        textbook=("b/(a^2 + b^2)", "-a/(a^2 + b^2)"),
        doc="angle of the point (b, a), from -pi to pi",
        aliases="arctan2",
    ),
    Primitive(
        "angle_slope(a, b)",
        ("-2*y*angle_slope(b, a)", "(angle_slope(b, a) - y)*(angle_slope(b, a) + y)"),
        domain="a != 0 or b != 0",
        definition="b/(a^2 + b^2)",
        doc="derivative of atan2 in a, without overflow of the squares",
        internal=True,
    ),
    Primitive("sinc(x)", ("sinc_slope(x)",), doc="sin(x)/x, and 1 at 0"),
    # x*cos(x) - sin(x) cancels near 0 and near its other zeros.
    Primitive(
        "sinc_slope(x)",
        ("where(x == 0, -1/3, -sinc(x) - 2*y/x)",),
        definition="where(x == 0, 0, (x*cos(x) - sin(x))/x^2)",
        doc="derivative of sinc",
        internal=True,
    ),
    Primitive(
        "hypot(a, b)",
        ("direction(a, b)", "direction(b, a)"),
        kinks="y == 0",
        textbook=("a/y", "b/y"),
        doc="sqrt(a^2 + b^2), without overflow",
    ),
    # The hypotenuse overflows, or is subnormal, and the ratio is neither.
    Primitive(
        "direction(a, b)",
        ("direction(b, a)^2/hypot(a, b)", "-y*direction(b, a)/hypot(a, b)"),
        definition="where(a == 0, 0, a/hypot(a, b))",
        doc="a/hypot(a, b), and 0 at the origin",
        internal=True,
    ),
    Primitive("degrees(x)", ("180/pi",), doc="radians to degrees", aliases="rad2deg deg"),
    Primitive("radians(x)", ("pi/180",), doc="degrees to radians", aliases="deg2rad rad"),
)
