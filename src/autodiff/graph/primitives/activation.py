"""What neural networks put between their layers."""

from autodiff.graph.primitive import Primitive

ROWS = (
    Primitive(
        "sigmoid(x)", ("y*sigmoid(-x)",), textbook=("y*(1 - y)",), doc="1/(1 + exp(-x))", aliases="logistic expit"
    ),
    Primitive("logit(x)", ("1/(x*(1 - x))",), domain="0 < x < 1", doc="log(x/(1 - x)), the inverse of sigmoid"),
    Primitive("softplus(x)", ("sigmoid(x)",), doc="log(1 + exp(x)), without overflow"),
    Primitive(
        "relu(x)",
        ("where(x > 0, 1, 0)",),
        kinks="x == 0",
        definition="max(x, 0)",
        latex=r"\operatorname{ReLU}",
        doc="max(x, 0)",
    ),
    Primitive(
        "leaky_relu(x, slope=0.01)",
        # At 0 the element of smallest norm between the slope and 1.
        ("where(x > 0, 1, where(x < 0, slope, min(max(slope, 0), 1)))", "where(x < 0, x, 0)"),
        kinks="x == 0 and slope != 1",
        definition="where(x < 0, slope*x, x)",
        latex=r"\operatorname{LeakyReLU}",
        doc="x, and slope*x where x is negative",
    ),
    Primitive(
        "elu(x, alpha=1)",
        ("where(x > 0, 1, where(x < 0, scaled_exp(alpha, x), min(max(alpha, 0), 1)))", "where(x < 0, expm1(x), 0)"),
        kinks="x == 0 and alpha != 1",
        definition="where(x < 0, alpha*expm1(x), x)",
        latex=r"\operatorname{ELU}",
        doc="x, and alpha*(exp(x) - 1) where x is negative",
    ),
    # A large alpha makes a normal number of an exponential that is subnormal.
    Primitive(
        "scaled_exp(a, x)",
        ("exp(x)", "y"),
        definition="a*exp(x)",
        doc="a*exp(x), as accurate where exp(x) is not",
        internal=True,
    ),
    Primitive(
        "gelu(x)",
        ("gelu_slope(x)",),
        latex=r"\operatorname{GELU}",
        doc="x times the normal distribution function at x",
        source="Hendrycks and Gimpel 2016",
    ),
    # Both terms cancel near -0.75, and the square of x must not be rounded in the tail.
    Primitive(
        "gelu_slope(x)",
        ("(2 - x^2)*gaussian(x/sqrt(2))/sqrt(2*pi)",),
        definition="erfc(-x/sqrt(2))/2 + x*gaussian(x/sqrt(2))/sqrt(2*pi)",
        doc="derivative of gelu",
        internal=True,
    ),
    Primitive(
        "silu(x)",
        ("silu_slope(x)",),
        definition="x*sigmoid(x)",
        latex=r"\operatorname{SiLU}",
        doc="x*sigmoid(x)",
        aliases="swish",
    ),
    # 1 + x*sigmoid(-x) cancels near -1.28.
    Primitive(
        "silu_slope(x)",
        ("sigmoid(x)*sigmoid(-x)*(2 - x*tanh(x/2))",),
        definition="sigmoid(x)*(1 + x*sigmoid(-x))",
        doc="derivative of silu",
        internal=True,
    ),
    Primitive(
        "softsign(x)",
        ("1/(1 + abs(x))/(1 + abs(x))",),
        definition="x/(1 + abs(x))",
        textbook=("1/(1 + abs(x))^2",),
        doc="x/(1 + abs(x))",
    ),
)
