"""The unified social credit code (统一社会信用代码) of GB 32100-2015: its alphabet and check character."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the standard: no I, O, S, V or Z."""

LENGTH = 18

WEIGHTS = tuple(pow(3, position, len(ALPHABET)) for position in range(LENGTH - 1))
"""The weight of each of the first 17 characters."""


def check_character(body: str) -> str:
    """Give the 18th character for the 17 of ``body``; raise ``ValueError`` for any other body."""
    if len(body) != LENGTH - 1 or any(character not in ALPHABET for character in body):
        raise ValueError(f"expected {LENGTH - 1} characters of {ALPHABET}, got {body!r}")
    weighted = sum(
        ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True)
    )
    return ALPHABET[-weighted % len(ALPHABET)]
