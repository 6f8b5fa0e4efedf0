"""Names, numbers and words in LaTeX. They are the user's text, and can't break out of their place."""

from __future__ import annotations

import re
from fractions import Fraction

from autodiff.evaluate.numbers import shortest
from autodiff.graph.nodes import NamedConstant
from autodiff.show.latex_pieces import ATOM, FACTOR, PRODUCT, SUBSCRIPTED, Piece, divided, made, negative

LETTERS = dict(
    re.findall(
        r"(\S) (\w+)",
        "α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi"
        " ρ rho σ sigma ς varsigma τ tau υ upsilon φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi"
        " Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ħ hbar",
    )
)
COMMANDS = frozenset((*LETTERS.values(), "epsilon", "phi", "vartheta", "varrho", "varpi"))
# Before parentheses these look like the function, not like a factor.
OFTEN_FUNCTIONS = frozenset(("f", "g", "h", "F", "G", "H", "psi", "ψ", "Gamma", "Γ"))
ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}$&#%_"},
}
NOT_A_NUMBER = r"\text{NaN}"


def words(text: str) -> str:
    r"""Any text, upright.

    >>> print(words("100% of $x_1$"))
    \text{100\% of \$x\_1\$}
    """
    shown = (ESCAPES.get(character, character if character.isprintable() else " ") for character in text)
    return rf"\text{{{''.join(shown)}}}"


def name_text(name: str) -> str:
    r"""
    >>> print(name_text("x1_2"), name_text("theta"), name_text("w_max"), name_text("rate"), name_text("größe"))
    x_{1,2} \theta w_{\mathrm{max}} \mathit{rate} \text{größe}
    """
    parts = re.fullmatch(r"([^\W\d_]+)([0-9]*)((?:_[^\W_]+)*)", name)
    if parts is None:
        return word(name, "mathit")
    stem, digits, rest = parts.groups()
    subscripts = [digits] * bool(digits) + [symbol(part, "mathrm") for part in rest.split("_")[1:]]
    return symbol(stem, "mathit") + (f"_{{{','.join(subscripts)}}}" if subscripts else "")


def symbol(part: str, font: str) -> str:
    """A letter, a Greek one by its command; digits; or a word."""
    if part in COMMANDS:
        return f"\\{part}"
    if part in LETTERS:
        return f"\\{LETTERS[part]}"
    plain = part.isascii() and (part.isdigit() or len(part) == 1)
    return part if plain else word(part, font)


def word(text: str, font: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_]+", text):
        return f"\\{font}{{{text.replace('_', chr(92) + '_')}}}"
    return words(text)


def name_piece(name: str) -> Piece:
    text = name_text(name)
    several_letters = text.startswith((r"\mathit", r"\text"))
    return Piece(
        (text,),
        SUBSCRIPTED if text.endswith("}") and "_{" in text else ATOM,
        first="word" if several_letters else "",
        last="function" if name in OFTEN_FUNCTIONS else "word" if several_letters else "",
    )


def number_piece(value: float | Fraction) -> Piece:
    """An int, a Fraction, a float, or one of the named constants."""
    if isinstance(value, NamedConstant):
        return Piece((r"\infty" if value.name == "inf" else name_text(value.name),), ATOM)
    if value != value:
        return Piece((NOT_A_NUMBER,), ATOM, first="word", last="word")
    text = shortest(value) if isinstance(value, float) else str(value)
    if text.startswith("-"):
        return negative(unsigned_number(text[1:]))
    return unsigned_number(text)


def unsigned_number(text: str) -> Piece:
    r"""
    >>> [unsigned_number(text).parts[0] for text in ("1.5e-09", "1e+22", "inf", "0.25")]
    ['1.5 \\cdot 10^{-9}', '10^{22}', '\\infty', '0.25']
    """
    if text == "inf":
        return Piece((r"\infty",), ATOM)
    numerator, slash, denominator = text.partition("/")
    if slash:
        return divided(unsigned_number(numerator), unsigned_number(denominator))
    digits, scientific, exponent = text.partition("e")
    if scientific:
        power = f"10^{{{int(exponent)}}}"
        return made((power if digits == "1" else rf"{digits} \cdot {power}",), FACTOR if digits == "1" else PRODUCT)
    return Piece((text,), ATOM, first="digit", last="digit", exponent=text if text.isdigit() else "")
