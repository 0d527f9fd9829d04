"""The tokens that a model may write, where its folder keeps a list of them: fewer columns to compute at every step.

The model still reads every token, and whatever stands in an article may be written in its brief. ``train`` chooses the
list, ``decode`` uses it.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError
from summarizer.product import Product

if TYPE_CHECKING:
    import torch

FILE = "kept_tokens.safetensors"
TENSOR = "tokens"
BATCH = 1000
"""Texts that are tokenized together."""
OWN_TOKENS = 64
"""Columns that an article has for tokens of its own; one with more is not what the list was made for."""
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")


def choose_tokens(tokenizer: Any, texts: Iterable[str], count: int) -> list[int]:
    """Return the tokens to keep: special ones, bytes, those of ASCII, and the most frequent of ``texts``.

    :param texts: articles and briefs like those that the model will read and write.
    :param count: how many to keep, of all kinds together.
    :return: ids in ascending order.
    """
    kept = set(tokenizer.all_special_ids)
    kept |= {index for token, index in tokenizer.get_vocab().items() if _BYTE.fullmatch(token)}
    for character in string.printable:
        for text in (character, "a" + character, " " + character):
            kept |= set(tokenizer(text, add_special_tokens=False)["input_ids"])
    seen: Counter[int] = Counter()
    waiting = iter(texts)
    while batch := list(islice(waiting, BATCH)):
        for ids in tokenizer(batch, add_special_tokens=False, verbose=False)["input_ids"]:
            seen.update(ids)
    for index, _ in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(kept) >= count:
            break
        kept.add(index)
    return sorted(kept)


def write_tokens(folder: Path, tokens: Sequence[int]) -> None:
    """Keep the list in a model's folder."""
    import torch
    from safetensors.torch import save_file

    save_file({TENSOR: torch.tensor(tokens, dtype=torch.int32)}, folder / FILE)


def read_tokens(folder: Path, vocabulary_size: int) -> torch.Tensor | None:
    """Return the list of a model's folder, or None where it keeps none.

    *Shape:* (tokens,) int64, ascending.

    :raises ModelError: the list is damaged, or made for another vocabulary.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = folder / FILE
    if not path.is_file():
        return None
    try:
        tokens: torch.Tensor = load_file(path)[TENSOR].long()
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelError(str(path), f"cannot be read ({error})", "Restore it from where the model came.") from error
    is_list = tokens.ndim == 1 and tokens.numel() > 0 and bool((tokens.diff() > 0).all())
    if not is_list or tokens[0] < 0 or tokens[-1] >= vocabulary_size:
        what = f"is no ascending list of ids below {vocabulary_size}, the size of the model's vocabulary"
        raise ModelError(str(path), what, "Restore it from where the model came.")
    return tokens


class Columns:
    """An output head of the kept tokens, and of each slot's own ones.

    :ivar weight: *Shape:* (kept + slots x OWN_TOKENS, width).
    """

    def __init__(self, whole: torch.Tensor, kept: torch.Tensor, slots: int) -> None:
        """Copy the kept rows of a model's head, *Shape:* (vocabulary, width)."""
        import torch

        self._whole = whole
        self._kept = kept
        self._is_kept = set(kept.tolist())
        self.weight = whole.new_zeros((len(kept) + slots * OWN_TOKENS, whole.shape[1]))
        torch.index_select(whole, 0, kept, out=self.weight[: len(kept)])
        self._product: Product | None = None
        self._own = torch.full((slots, OWN_TOKENS), -1)  # (slots, OWN_TOKENS) token ids; -1 is none

    def own_tokens(self, prompt: Sequence[int]) -> list[int]:
        """Return the prompt's tokens that are not kept."""
        return sorted(set(prompt) - self._is_kept)

    def suits(self, prompt: Sequence[int]) -> bool:
        """Return whether the prompt's own tokens have room."""
        return len(self.own_tokens(prompt)) <= OWN_TOKENS

    def fill(self, slot: int, prompt: Sequence[int]) -> None:
        """Give a slot the columns of its article's own tokens."""
        import torch

        own = torch.tensor(self.own_tokens(prompt), dtype=torch.long)
        self._own[slot] = -1
        self._own[slot, : len(own)] = own
        first = len(self._kept) + slot * OWN_TOKENS
        self.weight[first : first + len(own)] = self._whole[own]

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return what the head says of a model's last vectors. *Shape:* (rows, width) to (rows, columns)."""
        import torch

        if self._product is None:
            self._product = Product(self.weight[: len(self._kept)], rows=len(hidden))
        own = torch.nn.functional.linear(hidden, self.weight[len(self._kept) :])
        return torch.cat((self._product(hidden), own), dim=1)

    def best(self, logits: torch.Tensor, slots: torch.Tensor) -> torch.Tensor:
        """Return each row's likeliest token; of two that are level the lower id, as in the whole vocabulary.

        *Shape:* logits (rows, columns); slots (rows,) int64: whose row it is; return (rows,) int64.
        """
        import torch

        own_tokens, own_logits = self._split(logits, slots)
        kept_logit, kept_column = logits[:, : len(self._kept)].max(dim=1)
        own_logit, own_column = own_logits.max(dim=1)
        kept_token = self._kept[kept_column]
        own_token = own_tokens.gather(1, own_column[:, None])[:, 0]
        is_own = (own_logit > kept_logit) | ((own_logit == kept_logit) & (own_token < kept_token))
        return torch.where(is_own, own_token, kept_token)

    def spread(self, logits: torch.Tensor, slot: int) -> torch.Tensor:
        """Return one row over the whole vocabulary, minus infinity where it has no column.

        *Shape:* logits (1, columns); return (1, vocabulary).
        """
        import torch

        own_tokens, own_logits = self._split(logits, torch.tensor([slot]))
        whole = logits.new_full((1, self._whole.shape[0]), float("-inf"))
        whole[0, self._kept] = logits[0, : len(self._kept)]
        is_there = own_tokens[0] >= 0
        whole[0, own_tokens[0][is_there]] = own_logits[0][is_there]
        return whole

    def _split(self, logits: torch.Tensor, slots: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the tokens and logits of each row's own columns. *Shape:* both (rows, OWN_TOKENS)."""
        own = logits[:, len(self._kept) :].reshape(len(logits), -1, OWN_TOKENS)
        index = slots[:, None, None].expand(-1, 1, OWN_TOKENS)
        tokens = self._own[slots]
        return tokens, own.gather(1, index)[:, 0].masked_fill(tokens < 0, float("-inf"))
