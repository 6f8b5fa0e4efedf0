/* Functions that <math.h> hasn't, as they are copied into code. */

static double f_sign(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;
}

static double f_min(double a, double b)
{
    return isnan(a) || a < b ? a : b;
}

static double f_max(double a, double b)
{
    return isnan(a) || a > b ? a : b;
}

static double f_mod(double a, double b)
{
    const double rest = fmod(a, b);
    return rest != 0.0 && (rest < 0.0) != (b < 0.0) ? rest + b : rest != 0.0 ? rest : copysign(rest, b);
}

static double f_root(double x, double n)
{
    return x < 0.0 && fabs(fmod(n, 2.0)) == 1.0 ? -pow(-x, 1.0 / n) : pow(x, 1.0 / n);
}

static double f_logaddexp(double a, double b)
{
    const double larger = a > b ? a : b;
    return a == b ? a + log(2.0) : larger + log1p(exp(-fabs(a - b)));
}

static double f_softplus(double x)
{
    return (x > 0.0 ? x : 0.0) + log1p(exp(-fabs(x)));
}

static double f_sigmoid(double x)
{
    const double e = exp(-fabs(x));
    return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
}

static double f_logit(double x)
{
    return x > 0.25 && x < 0.75 ? log1p((2.0 * x - 1.0) / (1.0 - x)) : log(x) - log1p(-x);
}

static double f_sinc(double x)
{
    return x == 0.0 ? 1.0 : sin(x) / x;
}

static double f_sinc_slope(double x)
{
    double term = -x / 3.0, total = term;
    if (fabs(x) > 1.0)
        return (cos(x) - sin(x) / x) / x;
    for (int k = 1; k < 12; k++) /* DLMF 10.53.1 */
        total += term *= -x * x / (2 * k * (2 * k + 3));
    return total;
}

static double f_erfi(double x)
{
    double term = x, total = 0.0;
    for (int k = 1; total + term != total && fabs(total) < INFINITY; k++) { /* DLMF 7.6.1 */
        total += term;
        term *= x * x / k * (2 * k - 1) / (2 * k + 1);
    }
    return 1.1283791670955126 * total;
}

static double f_lambertw(double x) /* Halley's method; DLMF 4.13 */
{
    double w = x > 0.0 ? log1p(x) : sqrt(2.0 * 2.718281828459045 * x + 2.0) - 1.0;
    w -= w > 2.0 ? log(w) : 0.0;
    for (int k = 0; k < 12 && w > -1.0; k++) {
        const double e = exp(w), rest = w * e - x;
        w -= rest / (e * (w + 1.0) - (w + 2.0) * rest / (2.0 * w + 2.0));
    }
    return w;
}

static double f_cotangent_of_pi_times(double x)
{
    const double pi = 3.141592653589793;
    return 1.0 / tan(pi * (x - rint(x)));
}

static double f_digamma(double x) /* DLMF 5.5.2, 5.5.4 and 5.11.2 */
{
    double total = 0.0, s;
    if (x < 0.0) {
        total = -3.141592653589793 * f_cotangent_of_pi_times(x);
        x = 1.0 - x;
    }
    for (; x < 12.0; x += 1.0)
        total -= 1.0 / x;
    s = 1.0 / (x * x);
    s *= 1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132 - s * (691.0 / 32760 - s / 12)))));
    return total + (log(x) - 0.5 / x - s);
}

static double f_polygamma(double n, double x) /* DLMF 5.15.1, 5.15.6 and 5.15.9 */
{
    static const double bernoulli[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730,
                                       7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330};
    const int order = n >= 0.0 && n <= 170.0 && n == floor(n) ? (int)n : -1;
    double total = 0.0, reflected = 0.0, factor;
    if (order < 1)
        return order == 0 ? f_digamma(x) : NAN;
    if (x < 0.0) { /* derivatives of the cotangent are polynomials in it */
        const double cotangent = f_cotangent_of_pi_times(x);
        double polynomial[173] = {0.0, 1.0};
        for (int i = 0; i < order; i++) {
            double slope[173] = {0.0};
            for (int k = 1; k <= i + 1; k++)
                slope[k - 1] = k * polynomial[k];
            for (int k = 0; k <= i + 2; k++)
                polynomial[k] = -slope[k] - (k > 1 ? slope[k - 2] : 0.0);
        }
        for (int k = order + 1; k >= 0; k--)
            reflected = reflected * cotangent + polynomial[k];
        reflected *= pow(3.141592653589793, n + 1.0);
    }
    const double sign = x < 0.0 || order % 2 ? 1.0 : -1.0;
    const double direction = x < 0.0 ? -1.0 : 1.0;
    x = x < 0.0 ? 1.0 - x : x;
    for (; x < n + 16.0; x += 1.0)
        total += tgamma(n + 1.0) / pow(x, n + 1.0);
    factor = tgamma(n) / pow(x, n);
    total += factor * (1.0 + n / (2.0 * x));
    for (int k = 1; k <= 10; k++) {
        factor *= (n + 2 * k - 2) * (n + 2 * k - 1) / ((2 * k - 1) * (2 * k) * x * x);
        total += bernoulli[k - 1] * factor;
    }
    return direction * sign * total - reflected;
}

static double f_beta(double a, double b)
{
    const double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    const double odd = (a < 0.0 && fmod(floor(a), 2.0) != 0.0) + (b < 0.0 && fmod(floor(b), 2.0) != 0.0)
                       + (a + b < 0.0 && fmod(floor(a + b), 2.0) != 0.0);
    if (size < 75.0)
        return tgamma(a) / tgamma(a + b) * tgamma(b);
    return exp(lgamma(a) + lgamma(b) - lgamma(a + b)) * (fmod(odd, 2.0) != 0.0 ? -1.0 : 1.0);
}
