"""Turns pairs into token ids and into batches of similar length; comes after ``brief_data``, before ``brief_loop``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.errors import InputError
from summarizer.summarize.modelled import token_counts
from summarizer.summarize.prompting import Prompting
from summarizer.summarize.reading import read_title
from summarizer.train.brief_data import LeftOut, Pair
from summarizer.train.brief_options import BriefTraining

WINDOW_BATCHES = 16
"""Batches whose examples are sorted by length together: little padding, and still another order each epoch."""


@dataclass(frozen=True, slots=True)
class Example:
    """One pair as token ids: what the model is given, and what it is to write, its end included."""

    pair: Pair
    prompt: list[int]
    target: list[int]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


def encode(
    pairs: Sequence[Pair],
    tokenizer: Any,
    config: Any,
    prompting: Prompting,
    options: BriefTraining,
    left_out: LeftOut,
) -> list[Example]:
    """Return the pairs that fit as token ids, in order.

    :param config: the model's, for the positions that it has.
    :param left_out: takes those that are too long.
    :raises InputError: not one fits.
    """
    room = getattr(config, "max_position_embeddings", None)
    most = min(options.max_article_tokens, room or options.max_article_tokens)
    examples: list[Example] = []
    for pair in pairs:
        example = _encode(pair, tokenizer, prompting, is_seq2seq=config.is_encoder_decoder)
        # an encoder-decoder has the positions once for the article and once for the brief
        used = len(example.target) if config.is_encoder_decoder else len(example)
        if len(example.prompt) > most or (room and used > room):
            left_out.add(pair.article.source or pair.article.id, f"longer than {most} tokens")
        else:
            examples.append(example)
    if not examples:
        mend = f"Raise max_article_tokens, or check fields.text and brief_field in {', '.join(options.data)}."
        raise InputError(pairs[0].article.source, f"no article with a brief fits {most} tokens", mend)
    return examples


def _encode(pair: Pair, tokenizer: Any, prompting: Prompting, *, is_seq2seq: bool) -> Example:
    title = read_title(pair.article, lambda texts: token_counts(tokenizer, texts))
    prompt = prompting.ids(tokenizer, pair.article.body.strip(), title)
    if is_seq2seq:
        return Example(pair, prompt, tokenizer(text_target=pair.brief, verbose=False)["input_ids"])
    lead = "" if prompting.is_chat else " "
    target = tokenizer(lead + pair.brief, add_special_tokens=False, verbose=False)["input_ids"]
    return Example(pair, prompt, [*target, tokenizer.eos_token_id])


def make_batches(examples: Sequence[Example], options: BriefTraining) -> list[list[Example]]:
    """Return every step's examples: each epoch shuffled, with neighbours of similar length in a batch."""
    rng = random.Random(options.seed)
    batches: list[list[Example]] = []
    for _ in range(options.epochs):
        order = rng.sample(examples, len(examples))
        window = WINDOW_BATCHES * options.batch_articles
        for start in range(0, len(order), window):
            groups = by_length(order[start : start + window], options.batch_articles)
            batches.extend(rng.sample(groups, len(groups)))
    return batches[: options.max_steps]


def by_length(examples: Sequence[Example], size: int) -> list[list[Example]]:
    """Group examples of similar length, shortest first."""
    ordered = sorted(examples, key=len)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]
