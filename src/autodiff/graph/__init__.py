"""Expression to Graph to gradient Graph: the nodes, the table of primitives, the compiler, the gradient."""
