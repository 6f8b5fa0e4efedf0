"""The rows of the table, a file for each chapter of the calculus book."""
