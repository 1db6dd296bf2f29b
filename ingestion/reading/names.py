"""How a header, a sheet's title or a cover key is matched with the contract: NFKC, no white space."""

import unicodedata


def fold_name(name: str) -> str:
    """Give ``name`` after NFKC and without any white space; case is kept."""
    return "".join(unicodedata.normalize("NFKC", name).split())
