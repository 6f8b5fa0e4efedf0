"""The error function, the gamma function, Bessel functions and their relatives (DLMF chapters 4 to 10)."""

from autodiff.graph.primitive import Primitive

NOT_A_POLE = "x > 0 or x != floor(x)"
# Where a Bessel function of the first kind is real and finite.
REGULAR = "x > 0 or n == floor(n) or x == 0 and n > 0"


def bessel(letter: str, name: str, domain: str, below: str, above: str) -> tuple[Primitive, Primitive]:
    """A Bessel function and its derivative, from the signs with which it has the functions of the orders beside n.

    The derivative in the order is no function that a calculus book has. That in x cancels, and n + 1 may be rounded.
    """

    def beside(function: str) -> str:
        return f"({below}{function}(n - 1, x) {above} {function}(n + 1, x))/2"

    function, slope = f"bessel{letter}", f"bessel{letter}_slope"
    return (
        Primitive(
            f"{function}(n, x)",
            ("0/0", f"{slope}(n, x)"),
            domain=domain,
            latex=rf"{letter.upper()}_{{#1}}\left(#2\right)",
            doc=f"{name} of a real order n",
            aliases=f"Bessel{letter.upper()}",
            source="DLMF 10.6.1" if letter in "jy" else "DLMF 10.29.1",
        ),
        Primitive(
            f"{slope}(n, x)",
            ("0/0", beside(slope)),
            domain=domain,
            definition=beside(function),
            doc=f"derivative of {function} in x",
            internal=True,
        ),
    )


BESSEL = (
    *bessel("j", "Bessel function of the first kind", REGULAR, "", "-"),
    *bessel("y", "Bessel function of the second kind", "x > 0", "", "-"),
    *bessel("i", "modified Bessel function of the first kind", REGULAR, "", "+"),
    *bessel("k", "modified Bessel function of the second kind", "x > 0", "-", "-"),
)

ROWS = (
    Primitive("erf(x)", ("2/sqrt(pi)*gaussian(x)",), doc="error function", source="DLMF 7.9.1"),
    Primitive("erfc(x)", ("-2/sqrt(pi)*gaussian(x)",), doc="1 - erf(x), accurate in the tail"),
    # A rounded square would cost hundreds of ULP in the tail.
    Primitive(
        "gaussian(x)",
        ("-2*x*y",),
        definition="exp(-x^2)",
        doc="exp(-x^2), without rounding the square",
        internal=True,
    ),
    Primitive(
        "gamma(x)", ("gamma_slope(x)",), domain=NOT_A_POLE, latex=r"\Gamma", doc="gamma function", source="DLMF 5.2.2"
    ),
    Primitive(
        "gamma_slope(x)",
        ("y*digamma(x) + gamma(x)*polygamma(1, x)",),
        domain=NOT_A_POLE,
        definition="gamma(x)*digamma(x)",
        doc="derivative of gamma",
        internal=True,
    ),
    Primitive(
        "lgamma(x)",
        ("digamma(x)",),
        domain=NOT_A_POLE,
        latex=r"\ln\left|\Gamma\left(#1\right)\right|",
        doc="logarithm of the absolute value of gamma",
        aliases="gammaln loggamma",
    ),
    Primitive(
        "digamma(x)", ("polygamma(1, x)",), domain=NOT_A_POLE, latex=r"\psi", doc="derivative of lgamma", aliases="psi"
    ),
    Primitive(
        "polygamma(n, x)",
        ("0/0", "polygamma(n + 1, x)"),  # not defined between the integers
        domain=f"n >= 0 and n == floor(n) and ({NOT_A_POLE})",
        latex=r"\psi^{\left(#1\right)}\left(#2\right)",
        doc="n-th derivative of digamma, for n = 0, 1, 2, ...",
        source="DLMF 5.15",
    ),
    Primitive(
        "beta(a, b)",
        ("beta_slope(a, b)", "beta_slope(b, a)"),
        domain="(a > 0 or a != floor(a)) and (b > 0 or b != floor(b))",
        latex=r"\mathrm{B}",
        doc="gamma(a)*gamma(b)/gamma(a + b)",
        source="DLMF 5.12.1",
    ),
    # The digammas cancel where b is small beside a.
    Primitive(
        "beta_slope(a, b)",
        (
            "y*(digamma(a) - digamma(a + b)) + beta(a, b)*(polygamma(1, a) - polygamma(1, a + b))",
            "y*(digamma(b) - digamma(a + b)) - beta(a, b)*polygamma(1, a + b)",
        ),
        definition="beta(a, b)*(digamma(a) - digamma(a + b))",
        doc="derivative of beta in its first operand",
        internal=True,
    ),
    Primitive(
        "factorial(x)",
        ("factorial_slope(x)",),
        domain="x >= 0 or x != floor(x)",
        latex="#1!",
        doc="gamma(x + 1); written x!",
    ),
    # x + 1 is rounded, and digamma(x + 1) has a zero at 0.46.
    Primitive(
        "factorial_slope(x)",
        ("y*digamma(x + 1) + factorial(x)*polygamma(1, x + 1)",),
        domain="x >= 0 or x != floor(x)",
        definition="gamma_slope(x + 1)",
        doc="derivative of factorial",
        internal=True,
    ),
    # A rounded square would cost hundreds of ULP.
    Primitive("erfi(x)", ("2/sqrt(pi)*exp_of_square(x)",), doc="imaginary error function, -i*erf(i*x)"),
    Primitive(
        "exp_of_square(x)",
        ("2*x*y",),
        definition="exp(x^2)",
        doc="exp(x^2), without rounding the square",
        internal=True,
    ),
    Primitive(
        "fresnels(x)",
        ("fresnels_slope(x)",),
        latex="S",
        doc="Fresnel integral of sin(pi*t^2/2) from 0 to x",
        aliases="FresnelS",
        source="DLMF 7.2.8",
    ),
    Primitive(
        "fresnelc(x)",
        ("fresnelc_slope(x)",),
        latex="C",
        doc="Fresnel integral of cos(pi*t^2/2) from 0 to x",
        aliases="FresnelC",
        source="DLMF 7.2.7",
    ),
    # The digits of a rounded square are all whole turns where x is large.
    Primitive(
        "fresnels_slope(x)",
        ("pi*x*fresnelc_slope(x)",),
        definition="sin(pi*x^2/2)",
        doc="derivative of fresnels",
        internal=True,
    ),
    Primitive(
        "fresnelc_slope(x)",
        ("-pi*x*fresnels_slope(x)",),
        definition="cos(pi*x^2/2)",
        doc="derivative of fresnelc",
        internal=True,
    ),
    Primitive(
        "lambertw(x)",
        ("lambertw_slope(x)",),
        domain="x >= -1/e",
        latex="W",
        doc="Lambert's W, the w >= -1 for which w*exp(w) = x",
        aliases="LambertW",
        source="DLMF 4.13.4",
    ),
    # Both terms cancel near -1/e.
    Primitive(
        "lambertw_slope(x)",
        ("-y*y*(1 + y*exp(lambertw(x)))",),
        domain="x >= -1/e",
        definition="1/(x + exp(lambertw(x)))",
        doc="derivative of lambertw",
        internal=True,
    ),
    *BESSEL,
)
