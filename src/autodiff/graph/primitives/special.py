"""The error function, the gamma function and their relatives (DLMF chapters 5 and 7)."""

from autodiff.graph.primitive import Primitive

NOT_A_POLE = "x > 0 or x != floor(x)"

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
    Primitive("gamma(x)", ("gamma_slope(x)",), domain=NOT_A_POLE, doc="gamma function", source="DLMF 5.2.2"),
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
        doc="logarithm of the absolute value of gamma",
        aliases="gammaln loggamma",
    ),
    Primitive("digamma(x)", ("polygamma(1, x)",), domain=NOT_A_POLE, doc="derivative of lgamma", aliases="psi"),
    Primitive(
        "polygamma(n, x)",
        ("0/0", "polygamma(n + 1, x)"),  # not defined between the integers
        domain=f"n >= 0 and n == floor(n) and ({NOT_A_POLE})",
        doc="n-th derivative of digamma, for n = 0, 1, 2, ...",
        source="DLMF 5.15",
    ),
    Primitive(
        "beta(a, b)",
        ("beta_slope(a, b)", "beta_slope(b, a)"),
        domain="(a > 0 or a != floor(a)) and (b > 0 or b != floor(b))",
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
)
