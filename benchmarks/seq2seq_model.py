"""A model of the exact shape of bart-large-cnn with random weights, articles for it, and what one costs at the least.

For ``seq2seq.py``. The numbers of the shape are those of the model's config on the Hub. Its tokenizer takes every word
of a made-up language for a token, so that an article has just as many tokens as it is asked to have.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.records import Article

VOCABULARY = 50_264
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aeiou"]
SENTENCE_WORDS = 21
SEED = 13


@dataclass(frozen=True, slots=True)
class Shape:
    """What the cost of an article hangs on; tokens of one article and its brief."""

    source_tokens: int = 900
    brief_tokens: int = 70
    beams: int = 4
    layers: int = 12
    width: int = 1024
    inner: int = 4096
    vocabulary: int = VOCABULARY

    def flops(self) -> dict[str, float]:
        """Return the floating-point operations of an article: two for each weight and token, and attention's."""
        source, brief, width = self.source_tokens, self.brief_tokens, self.width
        layer = 4 * width**2 + 2 * width * self.inner  # weights: attention and the two inner ones
        encoder = self.layers * (2 * source * layer + 4 * source**2 * width)
        keys = self.layers * 2 * source * 2 * width**2  # of the source, for the decoder
        seen = source + (brief + 1) / 2  # what a token of the brief looks at, on average
        token = self.layers * (2 * (layer + 2 * width**2) + 4 * seen * width) + 2 * width * self.vocabulary
        return {"encoder": encoder, "source keys": keys, "decoder": self.beams * brief * token}

    def bytes(self, together: int, item_bytes: int) -> dict[str, float]:
        """Return what has to be read for an article where so many are written together.

        Each step reads the decoder's weights once for all, an article's keys and values once for its beams, and what
        each beam has written; the encoder's weights are read once for all.
        """
        layer = 4 * self.width**2 + 2 * self.width * self.inner
        decoder = self.layers * (layer + 2 * self.width**2) + self.width * self.vocabulary
        token = 2 * self.layers * self.width  # a key and a value in each layer
        written = token * self.beams * self.brief_tokens * (self.brief_tokens + 1) / 2
        return {
            "encoder": self.layers * layer / together * item_bytes,
            "decoder's weights": self.brief_tokens * decoder / together * item_bytes,
            "keys and values of the source": self.brief_tokens * self.source_tokens * token * item_bytes,
            "keys and values of the brief": written * item_bytes,
        }


def word(index: int) -> str:
    """Return the word of a number below 512,000."""
    size = len(SYLLABLES)
    return SYLLABLES[index % size] + SYLLABLES[index // size % size] + SYLLABLES[index // size**2 % size]


def make_articles(count: int, source_tokens: int) -> list[Article]:
    """Return articles of just so many tokens, the two special ones included."""
    chance = random.Random(SEED)
    articles = []
    for number in range(count):
        words = [
            "." if (i + 1) % (SENTENCE_WORDS + 1) == 0 or i == source_tokens - 3 else word(chance.randrange(50_000))
            for i in range(source_tokens - 2)
        ]
        text = " ".join(words).replace(" .", ".")
        articles.append(Article(id=str(number), text=". ".join(part.capitalize() for part in text.split(". "))))
    return articles


def make_model(folder: Path, shape: Shape, dtype: Any) -> None:
    """Write the model and its tokenizer as a folder that every config can name."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BartConfig, BartForConditionalGeneration, GenerationConfig, PreTrainedTokenizerFast

    words = [*SPECIAL, ".", *(word(i) for i in range(shape.vocabulary - len(SPECIAL) - 1))]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=1024, **names).save_pretrained(folder)
    tokens = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    config = BartConfig(
        vocab_size=shape.vocabulary,
        d_model=shape.width,
        encoder_layers=shape.layers,
        decoder_layers=shape.layers,
        encoder_attention_heads=16,
        decoder_attention_heads=16,
        encoder_ffn_dim=shape.inner,
        decoder_ffn_dim=shape.inner,
        max_position_embeddings=1024,
        **tokens,
    )
    torch.manual_seed(SEED)
    model = BartForConditionalGeneration(config).to(dtype)
    model.generation_config = GenerationConfig(
        **tokens,
        num_beams=shape.beams,
        length_penalty=2.0,
        no_repeat_ngram_size=3,
        early_stopping=True,
        forced_bos_token_id=0,
        forced_eos_token_id=2,
    )
    model.save_pretrained(folder)
