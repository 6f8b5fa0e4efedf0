"""The engine that compiles: one loop over the rows in machine code, made by LLVM, which llvmlite brings along."""
