"""Graph to numbers: the program, and a file of kernels for each backend."""
