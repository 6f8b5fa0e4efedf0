"""THE table of wrong rules: what a student may take for the derivative of one node, each mistake as one row.

The mistakes are those that question banks anticipate (the alternative answers of STACK's and WeBWorK's questions on
derivatives) and those that the literature on calculus students describes (Orton, Students' understanding of
differentiation, 1983; Maharaj, An APOS analysis of students' understanding of the concept of derivatives, 2013).
They are ranked in the order of the table, the rare ones last.
"""

from autodiff.check.wrong_rules import chains, functions, powers, products, quotients, sums, whole
from autodiff.check.wrong_rules.rule import WrongRule

__all__ = ["WRONG_RULES", "WrongRule"]

ROWS = (
    *quotients.ROWS,
    *functions.ROWS,
    *sums.ROWS,
    *products.ROWS,
    *chains.ROWS,
    *powers.ROWS,
    *whole.ROWS,
)
WRONG_RULES: tuple[WrongRule, ...] = tuple(sorted(ROWS, key=lambda row: row.rare))
