"""Value and gradient of a sum of terms, by SymPy: python terms_in_sympy.py COUNT, from text to numbers

Prints the processor time of parse_expr, of diff by every variable, and of evalf of the value and the derivatives.
"""

import json
import sys
from itertools import pairwise
from time import process_time

from sympy import Symbol
from sympy.parsing.sympy_parser import parse_expr
from terms import formula, point

values = {Symbol(name): value for name, value in point().items()}
parse_expr(formula(1)).diff(Symbol("x0")).evalf(subs=values)  # what later calls find prepared
text = formula(int(sys.argv[1]))
times = [process_time()]
parsed = parse_expr(text)
times.append(process_time())
slopes = [parsed.diff(symbol) for symbol in values]
times.append(process_time())
numbers = [result.evalf(subs=values) for result in (parsed, *slopes)]
times.append(process_time())
json.dump([end - start for start, end in pairwise(times)], sys.stdout)
