"""Our own beam search says what transformers' ``generate`` says, in float32 token for token."""

from __future__ import annotations

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    MarianConfig,
    MarianMTModel,
    MBartConfig,
    MBartForConditionalGeneration,
    PegasusConfig,
    PegasusForConditionalGeneration,
    T5Config,
    T5ForConditionalGeneration,
)

from summarizer.summarize.attention import own_attention
from summarizer.summarize.beam_cache import NAME, BeamCache, attend_beams
from summarizer.summarize.beam_decode import BeamDecoder
from summarizer.summarize.beam_trial import beam_token_bytes
from summarizer.summarize.beams import BeamSearch, rules_of

VOCABULARY = 120
START, PAD, END = 3, 0, 2
MOST = 24
TOKENS = {"pad_token_id": PAD, "bos_token_id": 1, "eos_token_id": END, "decoder_start_token_id": START}
SHAPE = {
    "vocab_size": VOCABULARY,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 3,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 90,
    "init_std": 0.4,
    "forced_eos_token_id": None,
    **TOKENS,
}
T5_SHAPE = {"vocab_size": VOCABULARY, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}
KINDS = {
    "bart": lambda: BartForConditionalGeneration(BartConfig(**SHAPE)),
    "pegasus": lambda: PegasusForConditionalGeneration(PegasusConfig(**SHAPE)),
    "mbart": lambda: MBartForConditionalGeneration(MBartConfig(**SHAPE)),
    "marian": lambda: MarianMTModel(MarianConfig(**SHAPE)),
    "t5": lambda: T5ForConditionalGeneration(T5Config(**T5_SHAPE, **TOKENS, initializer_factor=2.0)),
}
PROMPTS = [[(17 * i + 5 * j) % 100 + 10 for j in range(length)] for i, length in enumerate((40, 3, 23, 7, 31, 12))]
BART_LARGE_CNN = {
    "early_stopping": True,
    "length_penalty": 2.0,
    "no_repeat_ngram_size": 3,
    "forced_bos_token_id": 1,
    "forced_eos_token_id": END,
    "min_length": 9,
}


def model_of(kind, seed=7):
    """A model that is not sure of itself: tied to its embeddings, it would say one token again and again."""
    torch.manual_seed(seed)
    model = KINDS[kind]().eval()
    model.lm_head = torch.nn.Linear(32, VOCABULARY)
    torch.nn.init.normal_(model.lm_head.weight, std=0.25)
    torch.nn.init.normal_(model.lm_head.bias, std=0.5)
    model.lm_head.bias.data[END] = 2.5
    return model.requires_grad_(False)


def settle(model, settings):
    config = model.generation_config
    for key, value in {"num_beams": 4, "max_new_tokens": MOST, "max_length": None, **settings}.items():
        setattr(config, key, value)
    return config


def ours(model, prompts, settings, batch_tokens=4096):
    config = settle(model, settings)
    rules = rules_of(config, config.max_new_tokens)
    decoder = BeamDecoder(model, rules, PAD, batch_tokens=batch_tokens, token_bytes=beam_token_bytes(model))
    return decoder.write(prompts)


def theirs(model, prompts, settings):
    """What ``generate`` writes for all prompts in one batch; cut behind the end token."""
    config = settle(model, settings)
    width = max(map(len, prompts))
    ids = torch.tensor([[*prompt, *[PAD] * (width - len(prompt))] for prompt in prompts], device=model.device)
    mask = torch.tensor([[1] * len(prompt) + [0] * (width - len(prompt)) for prompt in prompts], device=model.device)
    with torch.inference_mode():
        rows = model.generate(input_ids=ids, attention_mask=mask)[:, 1:].tolist()
    ends = {config.eos_token_id} if isinstance(config.eos_token_id, int) else set(config.eos_token_id)
    return [row[: next((i + 1 for i, token in enumerate(row) if token in ends), len(row))] for row in rows]


SETTINGS = {
    "large-cnn": BART_LARGE_CNN,
    "defaults": {},
    "two": {"num_beams": 2, "length_penalty": 0.0},
    "eight": {"num_beams": 8, "length_penalty": 0.8, "forced_eos_token_id": END},
    "never-short": {"length_penalty": -1.5, "early_stopping": "never"},
    "never-long": {"length_penalty": 1.5, "early_stopping": "never"},
    "no-word-twice": {"early_stopping": True, "no_repeat_ngram_size": 1},
    "no-pair-twice": {"no_repeat_ngram_size": 2, "min_new_tokens": 12},
    "runs-longer-than-briefs": {"no_repeat_ngram_size": 50},
    "repetition-penalty": {"repetition_penalty": 1.6},
    "three-ends": {"eos_token_id": [END, 17, 40], "early_stopping": True},
    "no-end": {"min_new_tokens": MOST},
    "one-token": {"max_new_tokens": 1},
    "two-tokens": {"max_new_tokens": 2, "forced_bos_token_id": 9, "forced_eos_token_id": END},
}


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("bart", name) for name in SETTINGS] + [(kind, name) for kind in KINDS for name in list(SETTINGS)[:2]],
)
def test_beams_say_what_generate_says(kind, settings):
    for seed in (7, 8):
        model = model_of(kind, seed)
        assert ours(model, PROMPTS, SETTINGS[settings]) == theirs(model, PROMPTS, SETTINGS[settings])


def test_beams_are_tested_on_briefs_that_end_early_and_differ():
    briefs = theirs(model_of("bart"), PROMPTS, BART_LARGE_CNN)
    assert len({len(brief) for brief in briefs}) > 2
    assert len({tuple(brief) for brief in briefs}) == len(PROMPTS)
    assert briefs != theirs(model_of("bart"), PROMPTS, {**BART_LARGE_CNN, "num_beams": 2})


@pytest.mark.parametrize("kind", KINDS)
def test_beams_write_the_same_alone_and_whatever_the_encoder_reads_at_once(kind):
    model = model_of(kind)
    together = ours(model, PROMPTS, BART_LARGE_CNN)
    assert [ours(model, [prompt], BART_LARGE_CNN)[0] for prompt in PROMPTS] == together
    assert ours(model, PROMPTS, BART_LARGE_CNN, batch_tokens=16) == together


def test_beams_read_a_source_of_all_the_positions_that_the_model_has():
    prompts = [(PROMPTS[0] * 3)[: SHAPE["max_position_embeddings"]], PROMPTS[1]]
    model = model_of("bart")
    assert ours(model, prompts, BART_LARGE_CNN) == theirs(model, prompts, BART_LARGE_CNN)


@pytest.mark.parametrize(
    "settings",
    [
        {"forced_eos_token_id": [END, 17]},  # whichever comes first of equals
        {"decoder_start_token_id": None, "bos_token_id": None},
        {"eos_token_id": None},
    ],
)
def test_beams_leave_to_generate_what_they_cannot_say(settings):
    assert rules_of(settle(model_of("bart"), settings), MOST) is None


def test_beams_leave_a_model_as_it_was():
    model = model_of("bart")
    usual = model.config._attn_implementation
    before = theirs(model, PROMPTS, {})
    ours(model, PROMPTS, {})
    assert model.config._attn_implementation == usual
    assert theirs(model, PROMPTS, {}) == before


READS = ("_local_scalar_dense", "is_nonzero", "item", "nonzero")
"""Operations that wait for the device, and so cannot be part of a recording."""


class Started:
    """A search that has taken its first step, which is where a recording begins."""

    def __init__(self, model, settings):
        rules = rules_of(settle(model, settings), MOST)
        self.decoder = BeamDecoder(model, rules, PAD, batch_tokens=4096, token_bytes=beam_token_bytes(model))
        self.hidden, mask = self.decoder._encode(PROMPTS)
        self.search = BeamSearch(rules, len(PROMPTS), model.device)
        self.cache = BeamCache(mask, rules.beams, MOST, self.search.step)

    def step(self, **when):
        self.search.choose(self.decoder._logits(self.search, self.cache, self.hidden), **when)


@pytest.fixture
def started():
    """A BART in the middle of its work, with every rule that a brief can have."""
    model = model_of("bart")
    with torch.inference_mode():
        started = Started(model, {**BART_LARGE_CNN, "repetition_penalty": 1.2})
        with own_attention(model, NAME, attend_beams):
            started.step(is_first=True)
            yield started


def test_beams_keep_the_keys_of_a_source_once(started):
    layer = started.cache.for_model.cross_attention_cache.layers[0]
    assert layer.keys.shape == (len(PROMPTS), 4, 48, 8)  # articles, heads, tokens in whole blocks, width
    keys = layer.keys.data_ptr()
    started.step()
    assert layer.keys.data_ptr() == keys


def test_beams_never_wait_for_the_device_within_a_step(started):
    class NothingIsReadBack(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            assert str(function.overloadpacket).removeprefix("aten.") not in READS
            return function(*args, **(kwargs or {}))

    with NothingIsReadBack():
        started.step()
        started.step()
        with pytest.raises(AssertionError):
            started.search.is_over()


def test_beams_keep_their_state_where_a_recording_finds_it(started):
    def places():
        tensors = {**vars(started.search), "sees": started.cache._sees}
        return {name: value.data_ptr() for name, value in tensors.items() if isinstance(value, torch.Tensor)}

    before = places()
    started.step()
    assert places() == before
    assert int(started.search.step) == 2


def test_beams_take_their_steps_themselves_where_none_can_be_recorded(started, monkeypatch):
    def refuse():
        raise RuntimeError("operation not permitted when stream is capturing")

    started.decoder._records = True
    monkeypatch.setattr(torch.cuda, "CUDAGraph", refuse)
    assert started.decoder._recorded(started.step) == started.step
    assert not started.decoder.is_recorded
    assert not started.decoder._records


def test_beams_halve_a_batch_that_runs_out_of_memory_while_it_is_recorded(started, monkeypatch):
    def run_out():
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(torch.cuda, "CUDAGraph", run_out)
    with pytest.raises(torch.OutOfMemoryError):
        started.decoder._recorded(started.step)


def test_beams_are_not_tried_with_a_model_whose_attention_is_its_own(monkeypatch):
    model = model_of("bart")
    assert beam_token_bytes(model) == 2 * 3 * 32 * 4
    monkeypatch.setattr(type(model.model.decoder.layers[0].encoder_attn), "forward", own_kind_of_attention)
    assert beam_token_bytes(model) is None


def own_kind_of_attention(self, hidden_states, key_value_states=None, cache=None, attention_mask=None, **_):
    """An attention to all tokens alike, which knows of no cache."""
    states = hidden_states if key_value_states is None else key_value_states
    return self.out_proj(self.v_proj(states).mean(dim=1, keepdim=True).expand_as(hidden_states)), None
