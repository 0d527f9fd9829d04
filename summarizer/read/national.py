"""National variants of ASCII (ISO 646), in which seven-bit wires send their letters: ``iso646-de`` and its sisters.

Python has no codecs of them. ``register`` makes them known, so that ``input.encoding`` may name them; nothing detects
them, since every text in them is ASCII as well.
"""

from __future__ import annotations

import codecs
from typing import Any

VARIANTS = {
    "de": {"@": "§", "[": "Ä", "\\": "Ö", "]": "Ü", "{": "ä", "|": "ö", "}": "ü", "~": "ß"},  # DIN 66003
    "es": {"#": "£", "@": "§", "[": "¡", "\\": "Ñ", "]": "¿", "{": "°", "|": "ñ", "}": "ç"},
    "fr": {
        **{"#": "£", "@": "à", "[": "°", "\\": "ç", "]": "§", "`": "µ"},
        **{"{": "é", "|": "ù", "}": "è", "~": "¨"},
    },  # NF Z 62-010
    "gb": {"#": "£"},  # BS 4730
    "it": {
        **{"#": "£", "@": "§", "[": "°", "\\": "ç", "]": "é", "`": "ù"},
        **{"{": "à", "|": "ò", "}": "è", "~": "ì"},
    },
    "no": {"[": "Æ", "\\": "Ø", "]": "Å", "{": "æ", "|": "ø", "}": "å"},  # NS 4551, and Danish
    "pt": {"@": "§", "[": "Ã", "\\": "Ç", "]": "Õ", "{": "ã", "|": "ç", "}": "õ", "~": "°"},
    "se": {"$": "¤", "[": "Ä", "\\": "Ö", "]": "Å", "{": "ä", "|": "ö", "}": "å"},  # SEN 85 02 00, and Finnish
}
"""By country what stands in the place of some ASCII characters; all others are themselves."""
PREFIX = "iso646_"


def register() -> None:
    """Make the variants known to Python under the names ``iso646-de`` and so on."""
    codecs.register(_find)


def _find(name: str) -> codecs.CodecInfo | None:
    country = name.replace("-", "_").removeprefix(PREFIX)
    if not name.replace("-", "_").startswith(PREFIX) or country not in VARIANTS:
        return None
    variant = VARIANTS[country]
    decoding = "".join(variant.get(chr(code), chr(code)) for code in range(128))
    encoding = codecs.charmap_build(decoding)

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        return codecs.charmap_encode(text, errors, encoding)

    def decode(data: Any, errors: str = "strict") -> tuple[str, int]:
        return codecs.charmap_decode(data, errors, decoding)

    return codecs.CodecInfo(encode, decode, name=f"iso646-{country}")
