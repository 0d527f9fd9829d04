"""Which encoding bytes are in, and whether they are text at all; the readers ask before they decode.

UTF-8 is the rule. UTF-16 and UTF-32 are known by their mark or their NUL bytes. Anything else is detected: Western
European unless the letters say otherwise, then by charset-normalizer among the code pages that news is written in.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, in the order in which they must be tried."""

BINARY = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive, or an office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x7fELF", "a program"),
)
"""How files that are not text begin."""

LATIN_PAGES = {
    "cp1252": (
        "àâæçéèêëîïôœùûüÿ",  # French
        "áéíóúüñçàèòïªº",  # Spanish, Catalan
        "áâãàçéêíóôõúüªº",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "äöüßé",  # German
        "äéëïóöüè",  # Dutch
        "åäöæøéü",  # Danish, Norwegian, Swedish
        "áéíóúýðþæö",  # Icelandic
        "äöõüåšž",  # Finnish, Estonian
    ),
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîşţ",  # Romanian
        "čćđšž",  # Croatian, Slovene
    ),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž"),  # the others are as in cp1250
    "cp1254": ("çğıöşüâî",),  # Turkish
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž"),  # Lithuanian, Latvian
}
"""Code pages of the Latin script, likeliest first, with the non-ASCII letters of each language that they are for.
Read in the wrong page a text mixes letters as no language does."""

OTHER_PAGES = (
    *("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "cp1253", "iso8859_7", "cp1255", "cp1256"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
)
"""What charset-normalizer chooses from for the other scripts. Left to itself it finds exotic pages in short texts."""

SYMBOLS = frozenset("\xa0\xad“”„‘’‚–—…•«»‹›€£¥¢§°±²³¹¼½¾·×¿¡©®™´¨†‡‰¶")
WORD_SYMBOLS = frozenset("\xad‘’·")
"""Those that may stand inside a word; another symbol there is a letter that was read wrongly."""
STRAYS = 0.05
"""Share of letters that may be foreign to a text's language: names."""
NUL_SHARE = 0.08
"""Fewest characters of UTF-16 text that are ASCII: blanks and punctuation make more than this in any alphabet."""
SAMPLE_BYTES = 1 << 16
"""How much of what is not UTF-8 is looked at."""


@dataclass(frozen=True, slots=True)
class Wide:
    """UTF-16 or UTF-32: its codec, the length of its mark in bytes, and whether it was guessed without one."""

    codec: str
    mark: int
    is_guess: bool


def mark_of(head: bytes) -> tuple[str, int] | None:
    """Return the codec that the byte order mark at the start of ``head`` stands for, and the mark's length in bytes."""
    return next(((codec, len(mark)) for mark, codec in MARKS if head.startswith(mark)), None)


def wide_codec(head: bytes) -> Wide | None:
    """Return how ``head`` is UTF-16 or UTF-32, or None: by its mark, or by where its NUL bytes stand."""
    found = mark_of(head)
    if found is not None:
        return Wide(*found, is_guess=False) if found[0] != "utf-8" else None
    if b"\0" not in head:
        return None
    # A blank, a digit or a bracket has a NUL in its high byte in any script, never in its low byte. A stray NUL in
    # 8-bit text, which would pass for Chinese, is told by there being few.
    for codec, width, low in (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1)):
        whole = head[: len(head) // width * width]
        is_stray = whole.count(0) * width < NUL_SHARE * len(whole)
        if whole and not is_stray and b"\0" not in whole[low::width] and _reads_as_text(whole, codec):
            return Wide(codec, 0, is_guess=True)
    return None


def _reads_as_text(data: bytes, codec: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(codec)().decode(data)  # which lets the end be cut off within a character
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char.isspace() or char in "\ufeff\xad\u200b\u200e\u200f" for char in text)


def binary_kind(head: bytes) -> str | None:
    """Say what ``head`` looks like where it begins like a known binary format: ``a PNG image``; None elsewhere."""
    return next((kind for magic, kind in BINARY if head.startswith(magic)), None)


def is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few bad bytes from text in another encoding, for ``data`` that is not valid UTF-8."""
    high = [char for char in data.decode("utf-8", "surrogateescape") if char >= "\x80"]
    bad = sum("\udc80" <= char <= "\udcff" for char in high)
    return len(high) - bad > bad


def detect(data: bytes) -> str | None:
    """Name the encoding of ``data``, which is not UTF-8.

    :param data: lines that hold bytes above 127; the first ``SAMPLE_BYTES`` are looked at.
    :return: a Python codec such as ``cp1252``; None where none fits.
    """
    sample = data[:SAMPLE_BYTES]
    lines = {line: sum(byte >= 0x80 for byte in line) for line in sample.splitlines() if not line.isascii()}
    weights = {page: sum(n for line, n in lines.items() if _fits(line, page)) for page in LATIN_PAGES}
    page = max(weights, key=lambda name: weights[name])  # the first of equals: cp1252 rather than another
    tokens = [token for token in re.split(rb"[\s\",.:;]+", sample) if not token.isascii()]
    high = sum(byte >= 0x80 for token in tokens for byte in token)
    if weights[page] < 0.8 * sum(lines.values()) and high > 0.5 * sum(map(len, tokens)):
        return _normalizer(b" ".join(tokens))  # the ASCII around it says nothing about its language
    return "latin-1" if page == "cp1252" and not _decodes(data, page) else page


def _fits(line: bytes, page: str) -> bool:
    """Tell whether a line, read in a code page, has the letters of one of the page's languages."""
    text = line.decode(page, "replace")
    symbols = re.findall(r"(?<=[^\W\d_])[^\w\s\x00-\x7f](?=[^\W\d_])|(?<=[^\W\d_])[²³¹¼½¾](?=[^\W\d_])", text)
    letters = [char for char in text if char >= "\x80" and char not in SYMBOLS]
    letters += [symbol for symbol in symbols if symbol not in WORD_SYMBOLS]
    alphabets = [set(alphabet + alphabet.upper()) for alphabet in LATIN_PAGES[page]]
    strays = min(sum(char not in alphabet for char in letters) for alphabet in alphabets)
    words = [found for found in re.findall(r"[^\W\d_]+", text) if not found.isascii()]
    # Mostly letters above ASCII, as Cyrillic is in any code page and French never is.
    dense = sum(len(word) >= 4 and sum(char >= "\x80" for char in word) > 0.6 * len(word) for word in words)
    return strays <= STRAYS * len(letters) and dense <= 0.3 * len(words)


def _normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(OTHER_PAGES), preemptive_behaviour=False).best()
    return best.encoding if best is not None else None


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
