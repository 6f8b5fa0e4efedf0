"""Reads the two columns of a file of CSV, and writes them with three others, which cost nothing to compute."""

from __future__ import annotations

import sys

import polars

table = polars.read_csv(sys.argv[1])
x, y = polars.col("x"), polars.col("y")
table.with_columns((x * y).alias("value"), (x + y).alias("d_x"), (x - y).alias("d_y")).write_csv(sys.argv[2])
