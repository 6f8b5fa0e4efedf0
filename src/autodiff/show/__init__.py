"""Results to text: a file for each form of output."""
