"""Text to Expression: the parser, the tree with its spans, and errors as data."""
