"""Which verbs a text negates, and whether it has anything negative at all; ``denials`` compares."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from summarizer.evidence.words import FUNCTION_WORDS, Token, stem

_DENYING = frozenset(map(stem, ("denied", "denies", "denying", "refused", "refuses", "refusing", "declined")))
_AUXILIARIES_TEXT = """
    do does did has have had is are was were be been will would can could shall should may might must he she they it
    we i and but or to
"""
AUXILIARIES = frozenset(_AUXILIARIES_TEXT.split())
# Whatever may turn a sentence round; one that has any of it is not said to affirm.
_NEGATIVE_TEXT = """
    last not never cannot no none nobody nothing neither nor without lack lacks lacked unable unless until despite stop
    stopped prevent prevented block blocked ban banned barred avoid avoided against reject rejected cancelled canceled
    fail fails failed false falsely if whether would could should might may stops only
"""
_NEGATIVE = frozenset(_NEGATIVE_TEXT.split())
_UN = ("un", "non", "dis", "mis")
_REACH = 2
# A verb is told from other words by its place only; these stand there and cannot be turned round.
_NO_VERBS_TEXT = """
    yet even always necessarily really any anything anyone expected longer clear immediately enough able allowed want
    wanted need needed think thought believe believed know known say said least comment go get
"""
_NO_VERBS = FUNCTION_WORDS | frozenset(_NO_VERBS_TEXT.split())
_IRREGULAR = {
    "went": "go", "gone": "go", "won": "win", "made": "make", "took": "take", "taken": "take", "gave": "give",
    "given": "give", "met": "meet", "paid": "pay", "sent": "send", "sold": "sell", "told": "tell", "left": "leave",
    "lost": "lose", "held": "hold", "kept": "keep", "broke": "break", "broken": "break", "wrote": "write",
    "written": "write", "chose": "choose", "chosen": "choose", "spoke": "speak", "spoken": "speak", "saw": "see",
    "seen": "see", "found": "find", "bought": "buy", "brought": "bring", "built": "build", "knew": "know",
    "began": "begin", "begun": "begin", "came": "come", "fell": "fall", "fallen": "fall", "stole": "steal",
    "stolen": "steal", "drove": "drive", "driven": "drive", "rose": "rise", "risen": "rise", "fought": "fight",
}  # fmt: skip


def verb_stem(token: Token) -> str:
    """Return the stem of a word, and of an irregular verb's present."""
    key = token.word.key
    return stem(_IRREGULAR[key]) if key in _IRREGULAR else token.word.stem


def negated_verbs(tokens: Sequence[Token]) -> dict[str, tuple[int, int]]:
    """Return the stems of the verbs that a text negates, each with the tokens from the negation to the verb."""
    found: dict[str, tuple[int, int]] = {}
    for index, token in enumerate(tokens):
        if not _may_negate(token.word.key, token.word.stem) or not _negates_next(tokens, index):
            continue
        for place in range(index + 1, min(index + 1 + _REACH, len(tokens))):
            word = tokens[place].word
            if word.key.endswith("ly") or word.key in ("to", "be", "been", "longer", "having"):
                continue
            if word.key not in _NO_VERBS and not word.has_capital and word.key.isalpha():
                found.setdefault(verb_stem(tokens[place]), (index, place))
            break
    return found


@lru_cache(maxsize=1 << 14)
def _may_negate(key: str, stemmed: str) -> bool:
    return key in ("not", "no", "never", "cannot") or key.endswith("n't") or stemmed in _DENYING


def _negates_next(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].word
    if word.key.endswith("n't") or word.stem in _DENYING or word.key in ("never", "cannot"):
        return True
    if word.key == "no":
        return index + 1 < len(tokens) and tokens[index + 1].word.key == "longer"
    return word.key == "not" and index > 0 and tokens[index - 1].word.key in AUXILIARIES


def has_negative(tokens: Sequence[Token]) -> bool:
    """Return whether any word of a text may turn it round."""
    return any(_is_negative(token.word.key, token.word.stem) for token in tokens)


@lru_cache(maxsize=1 << 14)
def _is_negative(key: str, stemmed: str) -> bool:
    return key in _NEGATIVE or key.endswith("n't") or stemmed in _DENYING or key.startswith(_UN)
