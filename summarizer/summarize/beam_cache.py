"""Keys and values that the beams of an article share, and the attention that reads them. Used by ``beam_decode``.

What a step of an encoder-decoder costs is reading the keys and values of the article's 1,000 tokens, in every layer.
They are the same for all its beams, so here the beams ask as so many queries of one article: nothing is kept or read
once a beam. The keys of what is written stay where they were first put, too: a beam that goes on from another one takes
over its row in a table of who may look where, and no key moves.

The model's own layers store through transformers' cache interface and read through its attention interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

NAME = "summarizer_beams"
"""Under which transformers knows ``attend_beams``."""
UNKNOWN = ("softcap", "s_aux")
"""What some models ask of an attention and this one has not."""
ALIGNED = 16
"""Lengths are multiples of it: the GPU's kernels take a mask of another length only after copying it."""


class BeamCache:
    """What the decoder remembers of some articles and of their beams.

    *Shape:* of each layer, keys and values of the source (articles, heads, source tokens, width) and of what is written
    (articles, heads, beams, length, width).
    """

    def __init__(self, source_mask: torch.Tensor, beams: int, length: int, step: torch.Tensor) -> None:
        """Take no memory for keys yet; the first of each layer says how much it needs.

        :param source_mask: 0 where a source has a token, minus infinity where it is padded, in the model's dtype.
        :param length: tokens that a beam may have.
        :param step: says how many it has; whoever made it counts on.

        *Shape:* source_mask (articles, source tokens); step () int64.
        """
        import torch
        from transformers import Cache, EncoderDecoderCache
        from transformers.cache_utils import CacheLayerMixin

        articles, device = source_mask.shape[0], source_mask.device
        self.beams, self.step = beams, step
        self.length = rounded(length)
        self.source_mask = source_mask[:, None, None]
        self.past_mask = source_mask  # replaced at each step
        self._sees = torch.zeros((articles, beams, beams, self.length), dtype=torch.bool, device=device)
        self._own = torch.eye(beams, dtype=torch.bool, device=device)[:, :, None]
        self._places = torch.arange(self.length, device=device)
        for kind in (_Written, _Source):
            CacheLayerMixin.register(kind)  # transformers asks for its own kind, of which they use nothing
        # transformers makes a layer when it is first met, by calling what it takes for a class
        written: Any = lambda: _Written(self)  # noqa: E731
        source: Any = _Source
        self.for_model = EncoderDecoderCache(
            Cache(layer_class_to_replicate=written), Cache(layer_class_to_replicate=source)
        )

    @property
    def token_bytes(self) -> int:
        """Memory that one token of a source takes in all layers; of a beam likewise."""
        layers = self.for_model.cross_attention_cache.layers
        return sum((part[0, :, 0].numel() * part.element_size()) for layer in layers for part in layer.both)

    def by_article(self, rows: torch.Tensor) -> torch.Tensor:
        """Put what belongs to an article's beams side by side.

        *Shape:* in (articles x beams, heads, 1, width), out (articles, heads, beams, width).
        """
        _, heads, _, width = rows.shape
        return rows.reshape(-1, self.beams, heads, width).transpose(1, 2)

    def begin_step(self, parents: torch.Tensor) -> None:
        """Let what comes next be one token of each beam.

        *Shape:* parents (articles, beams) int64: the beam of the step before that each goes on from.
        """
        sees = self._sees.take_along_dim(parents[:, :, None, None], dim=1)
        self._sees.copy_(sees | (self._own & (self._places == self.step)))
        hidden = ~self._sees.flatten(2)[:, None]
        mask = self.source_mask.new_zeros(hidden.shape)
        self.past_mask = mask.masked_fill_(hidden, float("-inf"))  # (articles, 1, beams, beams x length)


class _Written:
    """One layer's keys and values of what is written; a layer as transformers' ``Cache`` knows it."""

    def __init__(self, cache: BeamCache) -> None:
        self._cache = cache
        self.both: tuple[torch.Tensor, ...] = ()

    def update(self, *both: torch.Tensor, **_: Any) -> tuple[torch.Tensor, ...]:
        """Put each beam's new key and value into its place.

        *Shape:* in (articles x beams, heads, 1, width), out (articles, heads, beams, length, width).
        """
        cache = self._cache
        both = tuple(cache.by_article(part) for part in both)
        if not self.both:
            # zeros, not empty: a masked position still takes part in sums, and 0 times NaN is NaN
            self.both = tuple(part.new_zeros((*part.shape[:3], cache.length, part.shape[3])) for part in both)
        for kept, part in zip(self.both, both, strict=True):
            kept.index_copy_(3, cache.step[None], part.unsqueeze(3))
        return self.both

    def get_seq_length(self) -> torch.Tensor:
        """Return how many tokens every beam has, as a tensor, which a recorded step reads anew each time."""
        return self._cache.step


class _Source:
    """One layer's keys and values of the sources; a layer as transformers' ``Cache`` knows it."""

    keys: torch.Tensor
    values: torch.Tensor

    @property
    def both(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.keys, self.values

    def update(self, keys: torch.Tensor, values: torch.Tensor, **_: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """Keep them. *Shape:* (articles, heads, source tokens, width)."""
        self.keys, self.values = keys, values
        return keys, values

    def get_seq_length(self) -> int:
        """Return how many tokens the longest source has."""
        return self.keys.shape[2]


def rounded(length: int) -> int:
    """Return ``length`` rounded up to what is read without a copy."""
    return -(-length // ALIGNED) * ALIGNED


def attend_beams(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    beams: BeamCache,
    scaling: float | None = None,
    position_bias: torch.Tensor | None = None,
    **settings: Any,
) -> tuple[torch.Tensor, None]:
    """The attention that the decoder's layers call, for what is written and for the source.

    *Shape:* query (articles x beams, heads, 1, width); key and value as ``BeamCache`` keeps them; position_bias (1,
    heads, 1, length); return (articles x beams, 1, heads, width).

    :raises NotImplementedError: the model asks for an attention of another kind.
    """
    from torch.nn.functional import scaled_dot_product_attention

    asked = [name for name in UNKNOWN if settings.get(name) is not None]
    if asked or attention_mask is not None or query.shape[2] != 1:
        raise NotImplementedError(f"attention with {asked or 'a mask or several tokens'}")
    is_source = key.dim() == 4
    mask = beams.source_mask if is_source else beams.past_mask
    if position_bias is not None:
        mask = mask + (position_bias if is_source else position_bias.repeat(1, 1, 1, beams.beams))
    queries = beams.by_article(query)  # (articles, heads, beams, width)
    seen = scaled_dot_product_attention(
        queries,
        key if is_source else key.flatten(2, 3),
        value if is_source else value.flatten(2, 3),
        attn_mask=mask,
        scale=scaling,
    )
    return seen.transpose(1, 2).flatten(0, 1).unsqueeze(1), None
