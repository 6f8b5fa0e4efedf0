"""What `autodiff eval "sigmoid(sinh(x))*y^2"` prints, by JAX, in binary64: python with_jax.py X Y

Compiled as a whole, which takes less time than one operation after the other.
"""

import sys

import jax

jax.config.update("jax_enable_x64", True)


@jax.jit
@lambda function: jax.value_and_grad(function, (0, 1))
def formula(x: jax.Array, y: jax.Array) -> jax.Array:
    return jax.nn.sigmoid(jax.numpy.sinh(x)) * y**2


value, slopes = formula(*map(float, sys.argv[1:]))
print("value", repr(float(value)), sep="\t")
for name, slope in zip("xy", slopes, strict=True):
    print(f"d/d{name}", repr(float(slope)), sep="\t")
