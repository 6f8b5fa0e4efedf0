"""Value and gradient of a sum of terms: python terms_in_autodiff.py COUNT REPEATS, from text to numbers

Prints the processor time of each repeat, the peak of the memory, and the nodes of the value's graph. COUNT 0 measures
a process that only imports.
"""

import json
import resource
import sys
from time import process_time

from terms import formula, point

from autodiff import Function

count, repeats = map(int, sys.argv[1:])
seconds = []
if count and repeats > 1:
    Function(formula(70)).evaluate(point())  # what later calls find prepared: the parser, the rules that are used
text = formula(count)
for _ in range(repeats if count else 0):
    start = process_time()
    Function(text).evaluate(point())
    seconds.append(process_time() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

nodes = 0
if count:
    from autodiff.graph.compiler import compile_program, parser

    nodes = len(compile_program(parser().parse(text), text).graph.nodes)
json.dump({"seconds": seconds, "peak": peak, "nodes": nodes}, sys.stdout)
