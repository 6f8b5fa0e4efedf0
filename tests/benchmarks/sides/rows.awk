NR == 1 { print $0 ",value,d_x,d_y"; next }
{
    grown = exp($1); shrunk = 1 / grown
    s = 1 / (1 + exp((shrunk - grown) / 2))
    printf "%s,%.17g,%.17g,%.17g\n", $0, s * $2 * $2, s * (1 - s) * (grown + shrunk) / 2 * $2 * $2, 2 * s * $2
}
