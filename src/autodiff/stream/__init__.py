"""Rows in, rows out: CSV, TSV and NDJSON, row by row, whatever the number of rows is."""
