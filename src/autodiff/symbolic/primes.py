"""The small primes that whole numbers are made of, for roots of numbers."""

from __future__ import annotations

from functools import lru_cache

SMALL_PRIMES = [n for n in range(2, 1000) if all(n % d for d in range(2, int(n**0.5) + 1))]


@lru_cache(1000)
def prime_powers(number: int) -> tuple[tuple[int, int], ...]:
    """The small primes that a positive number is divisible by, and what is left, with their exponents.

    >>> prime_powers(360)
    ((2, 3), (3, 2), (5, 1))
    """
    found: list[tuple[int, int]] = []
    for prime in SMALL_PRIMES:
        if prime * prime > number:
            break
        exponent = 0
        while number % prime == 0:
            number //= prime
            exponent += 1
        if exponent:
            found.append((prime, exponent))
    if number > 1:
        found.append((number, 1))
    return tuple(found)
