"""Our own decoding loop says what transformers' ``generate`` says, whatever the neighbours."""

from __future__ import annotations

import pytest
import torch
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from summarizer.summarize.attention import HubNetwork
from summarizer.summarize.cache import held_tokens
from summarizer.summarize.decode import Decoder, Limits
from summarizer.summarize.lookup import Lookup
from summarizer.summarize.trial import network_of
from summarizer.summarize.vocabulary import OWN_TOKENS

VOCABULARY = 150
END = 2
SHAPE = {"vocab_size": VOCABULARY, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3}
HEADS = {"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8}
TOKENS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": END}
WINDOWED = {"layer_types": ["sliding_attention", "full_attention", "sliding_attention"], "sliding_window": 9}
KINDS = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, **HEADS, **TOKENS, initializer_range=0.3)),
    "gemma3": lambda: Gemma3ForCausalLM(
        Gemma3TextConfig(**SHAPE, **HEADS, **TOKENS, **WINDOWED, query_pre_attn_scalar=8, initializer_range=0.3)
    ),
    "mistral": lambda: MistralForCausalLM(
        MistralConfig(**SHAPE, **HEADS, **TOKENS, sliding_window=9, initializer_range=0.3)
    ),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE, **HEADS, **TOKENS, initializer_range=0.3)),
    "gpt2": lambda: GPT2LMHeadModel(
        GPT2Config(
            vocab_size=VOCABULARY, n_embd=32, n_layer=2, n_head=4, n_positions=80, initializer_range=0.3, **TOKENS
        )
    ),
}
PROMPTS = [
    [1, *((17 * i + 5 * j) % (VOCABULARY - 10) + 10 for j in range(length))]
    for i, length in enumerate((40, 1, 23, 7, 31, 12))
]


def model_of(kind):
    torch.manual_seed(7)
    return KINDS[kind]().eval()


def limits(**changes):
    return Limits(**{"ends": frozenset({END}), "least": 0, "most": 24, "is_over": lambda written: False, **changes})


def decoder_of(model, budget_tokens=8192, kept=None, **changes):
    return Decoder(network_of(model), limits(**changes), budget_tokens=budget_tokens, kept=kept)


def generated(model, prompt, **settings):
    ids = torch.tensor([prompt])
    output = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24, **settings
    )
    return output[0, len(prompt) :].tolist()


@pytest.fixture(params=sorted(KINDS))
def model(request):
    return model_of(request.param)


def test_decode_writes_what_generate_writes(model):
    wanted = [generated(model, prompt) for prompt in PROMPTS]
    assert network_of(model)
    assert decoder_of(model).write(PROMPTS) == wanted


@pytest.mark.parametrize("budget_tokens", [1, 250, 8192])
def test_decode_does_not_hang_on_the_budget_or_order(budget_tokens):
    model = model_of("gemma3")
    alone = [decoder_of(model).write([prompt])[0] for prompt in PROMPTS]
    many = decoder_of(model, budget_tokens).write([*PROMPTS[::-1], *PROMPTS * 8])
    assert many == [*alone[::-1], *alone * 8]


def test_decode_leaves_generate_as_it_was():
    model = model_of("llama")
    before = generated(model, PROMPTS[0])
    decoder_of(model, kept=torch.arange(0, VOCABULARY, 2)).write(PROMPTS)
    assert generated(model, PROMPTS[0]) == before


def test_decode_applies_rules_to_the_brief_only():
    from transformers import NoRepeatNGramLogitsProcessor

    from summarizer.summarize.stopping import OnBrief

    model, rule = model_of("llama"), NoRepeatNGramLogitsProcessor(1)
    wanted = [generated(model, prompt, logits_processor=[OnBrief(rule, len(prompt))]) for prompt in PROMPTS]
    assert wanted != [generated(model, prompt) for prompt in PROMPTS]
    assert decoder_of(model, rules=[rule]).write(PROMPTS) == wanted
    assert decoder_of(model, rules=[rule], kept=torch.arange(VOCABULARY)).write(PROMPTS) == wanted


def test_decode_writes_at_least_and_at_most():
    model = model_of("llama")
    first = decoder_of(model).write(PROMPTS)[0][0]
    ends = frozenset({first})
    assert decoder_of(model, ends=ends).write(PROMPTS[:1]) == [[first]]
    written = decoder_of(model, ends=ends, least=5, most=7).write(PROMPTS[:1])[0]
    assert first not in written[:5]
    assert len(written) in (6, 7)


def test_decode_stops_where_the_brief_is_over():
    written = decoder_of(model_of("llama"), is_over=lambda row: len(row) == 3).write(PROMPTS)
    assert [len(row) for row in written] == [3] * len(PROMPTS)


def test_decode_takes_fewer_steps_where_a_brief_copies(monkeypatch):
    decoder = decoder_of(model_of("llama"))
    said = decoder.write(PROMPTS[:1])[0]
    steps: list[int] = []
    logits = HubNetwork.logits
    monkeypatch.setattr(HubNetwork, "logits", lambda *given: steps.append(1) or logits(*given))
    monkeypatch.setattr(Lookup, "guess", lambda self, written, count: said[len(written) : len(written) + count])
    assert decoder.write(PROMPTS[:1]) == [said]
    assert sum(steps) == -(-len(said) // 16)
    steps.clear()
    monkeypatch.setattr(Lookup, "guess", lambda self, written, count: [])
    assert decoder.write(PROMPTS[:1]) == [said]
    assert sum(steps) == len(said)


def test_decode_is_not_led_by_wrong_guesses(monkeypatch):
    model = model_of("gemma3")
    said = decoder_of(model).write(PROMPTS)
    monkeypatch.setattr(Lookup, "guess", lambda self, written, count: [11, 12, 13, 14][:count])
    assert decoder_of(model).write(PROMPTS) == said


def test_decode_writes_kept_tokens_and_the_articles_own():
    model = model_of("llama")
    kept = torch.arange(0, VOCABULARY, 3)
    whole = decoder_of(model).write(PROMPTS)
    written = decoder_of(model, kept=kept).write(PROMPTS)
    for prompt, row in zip(PROMPTS, written, strict=True):
        assert set(row) <= {*kept.tolist(), *prompt}
    assert any(set(row) - set(kept.tolist()) for row in written)
    assert written != whole


def test_decode_gives_each_article_its_own_tokens_only():
    model = model_of("llama")
    kept = torch.arange(0, VOCABULARY, 3)
    alone = [decoder_of(model, kept=kept).write([prompt])[0] for prompt in PROMPTS]
    assert decoder_of(model, kept=kept).write(PROMPTS) == alone


def test_decode_reads_an_article_of_other_words_with_the_whole_vocabulary():
    model = model_of("llama")
    kept = torch.arange(8)
    other = [1, *range(10, 10 + OWN_TOKENS + 1)]
    assert decoder_of(model, kept=kept).write([other, PROMPTS[0]])[0] == generated(model, other)


def test_decode_breaks_a_tie_as_the_whole_vocabulary_does():
    model = model_of("llama")
    with torch.no_grad():
        model.lm_head.weight[20:] = model.lm_head.weight[20]
    written = decoder_of(model, kept=torch.arange(25, VOCABULARY)).write([[1, 22, 30, 21, 40]])[0]
    assert 21 in written
    assert set(written) <= {1, 21}


@pytest.mark.parametrize(
    ("layers", "batch_tokens", "held"),
    [(18, 8192, 32768), (18, 100, 400), (18, 20_000, 58254), (1800, 8192, 8192)],
)
def test_cache_holds_more_than_a_batch_where_that_takes_little(layers, batch_tokens, held):
    config = Gemma3TextConfig(num_hidden_layers=layers, num_key_value_heads=1, num_attention_heads=4, head_dim=256)
    assert held_tokens(config, torch.bfloat16, batch_tokens) == held


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_trial_leaves_the_model_as_it_was(dtype):
    model = model_of("gemma3").to(dtype)
    usual = model.config._attn_implementation
    assert network_of(model)
    assert model.config._attn_implementation == usual


def test_trial_refuses_an_attention_of_another_kind():
    config = Gemma2Config(**SHAPE, **HEADS, **TOKENS, attn_logit_softcapping=1.0, initializer_range=0.3)
    assert not network_of(Gemma2ForCausalLM(config).eval())


def test_trial_refuses_a_model_whose_layers_forget_the_past(monkeypatch):
    from summarizer.summarize.cache import Slots

    model = model_of("llama")
    update = Slots.update
    monkeypatch.setattr(Slots, "update", lambda self, keys, values, i, **more: update(self, keys * 0, values, i))
    assert not network_of(model)


@pytest.mark.parametrize(
    ("prompt", "written", "guess"),
    [
        ([5, 6, 7, 8, 9], [6], [7, 8]),
        ([5, 6, 7, 5, 8, 9], [5], [6, 7]),
        ([5, 6, 7, 1, 6, 8], [1, 6], [8]),
        ([5, 6, 7], [7], []),
        ([5, 6, 7], [4], []),
        ([5, 6, 7], [], []),
    ],
)
def test_lookup_guesses_what_follows_in_the_article(prompt, written, guess):
    assert Lookup(prompt).guess(written, 2) == guess


def test_lookup_prefers_the_longer_match():
    assert Lookup([2, 3, 9, 1, 2, 3, 8]).guess([1, 2, 3], 1) == [8]
