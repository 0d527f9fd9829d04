"""What a GPU writes: what ``generate`` does, and the same whatever is written together. The CPU runs the same code."""

from __future__ import annotations

import pytest
import torch
from test_beam_decode import BART_LARGE_CNN, KINDS, PAD, PROMPTS, model_of, ours, settle, theirs
from wire_stories import TAUGHT_BRIEF, story

from summarizer.runtime import RuntimeOptions
from summarizer.summarize.beam_decode import BeamDecoder
from summarizer.summarize.beam_trial import beam_token_bytes
from summarizer.summarize.beams import rules_of
from summarizer.summarize.seq2seq import Seq2Seq, Seq2SeqOptions

HAS_GPU = torch.cuda.is_available()
DEVICES = ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu, pytest.mark.skipif(not HAS_GPU, reason="no GPU")])]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", KINDS)
def test_gpu_says_what_generate_says_on_it(kind, device):
    model = model_of(kind).to(device)
    assert ours(model, PROMPTS, BART_LARGE_CNN) == theirs(model, PROMPTS, BART_LARGE_CNN)


@pytest.mark.parametrize("device", DEVICES)
def test_gpu_steps_are_recorded(device):
    model = model_of("bart").to(device)
    rules = rules_of(settle(model, BART_LARGE_CNN), 24)
    decoder = BeamDecoder(model, rules, PAD, batch_tokens=4096, token_bytes=beam_token_bytes(model))
    decoder.write(PROMPTS)
    assert decoder.is_recorded == (device == "cuda")


@pytest.mark.parametrize("device", DEVICES)
def test_gpu_briefs_are_the_same_at_three_budgets(taught_bart_folder, device):
    articles = [story(str(i), 1 + i % 6) for i in range(12)]
    seen = []
    for batch_tokens in (64, 512, 8192):
        runtime = RuntimeOptions(device=device, dtype="float32", batch_tokens=batch_tokens)
        options = Seq2SeqOptions(model=str(taught_bart_folder), min_source_words=1, generation={"num_beams": 4})
        summarizer = Seq2Seq(options, runtime)
        summarizer._path._writer._batcher.max_tokens = batch_tokens
        seen.append([brief.text for brief in summarizer.summarize(articles)])
    assert seen[0] == seen[1] == seen[2]
    assert TAUGHT_BRIEF in seen[0]
