"""A formula of numbers at many points: each variable is a column, and every row has the answers of a single point."""
