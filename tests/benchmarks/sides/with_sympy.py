"""What `autodiff eval` prints, by SymPy: python with_sympy.py TEXT NAME=VALUE..."""

import sys

from sympy import Symbol, exp
from sympy.parsing.sympy_parser import convert_xor, parse_expr, standard_transformations

values = {Symbol(name): float(value) for name, value in (argument.split("=") for argument in sys.argv[2:])}
functions = {"sigmoid": lambda x: 1 / (1 + exp(-x))}
formula = parse_expr(sys.argv[1], functions, (*standard_transformations, convert_xor))
print("value", formula.evalf(17, subs=values), sep="\t")
for symbol in values:
    print(f"d/d{symbol}", formula.diff(symbol).evalf(17, subs=values), sep="\t")
