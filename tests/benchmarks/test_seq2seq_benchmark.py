"""The benchmark of encoder-decoders: what it says an article costs, and that all systems do the same work."""

from __future__ import annotations

import argparse

import pytest
import torch
from benchmark_scripts import load
from torch.utils.flop_counter import FlopCounterMode

from summarizer.runtime import RuntimeOptions

seq2seq, seq2seq_model, memory = load("seq2seq"), load("seq2seq_model"), load("memory")
SHAPE = seq2seq_model.Shape(source_tokens=60, brief_tokens=7, beams=2, layers=2, width=32, inner=48, vocabulary=900)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shape")
    seq2seq_model.make_model(folder, SHAPE, torch.float32)
    return seq2seq.load_ours(str(folder), SHAPE, RuntimeOptions(device="cpu", dtype="float32", threads=1))


def model_of(ours):
    return ours._path._writer._model


def test_seq2seq_benchmark_counts_operations_as_torch_does(ours):
    model = model_of(ours)
    ids = torch.ones((1, SHAPE.source_tokens), dtype=torch.long)
    usual = model.config._attn_implementation
    model.set_attn_implementation("eager")  # whose products are counted
    try:
        with torch.inference_mode(), FlopCounterMode(display=False) as encoder:
            hidden = model.get_encoder()(input_ids=ids)
        with torch.inference_mode(), FlopCounterMode(display=False) as decoder:
            model(encoder_outputs=hidden, decoder_input_ids=ids[:, :1], use_cache=False)
    finally:
        model.set_attn_implementation(usual)
    said = SHAPE.flops()
    assert encoder.get_total_flops() == said["encoder"]
    one = seq2seq_model.Shape(**{name: getattr(SHAPE, name) for name in SHAPE.__slots__} | {"brief_tokens": 1})
    assert decoder.get_total_flops() == said["source keys"] + one.flops()["decoder"] / SHAPE.beams


def test_seq2seq_benchmark_counts_the_weights_that_a_step_reads(ours):
    model = model_of(ours)
    layers = model.model.decoder.layers.named_parameters()
    read = [p for name, p in layers if p.dim() == 2 and "encoder_attn.k" not in name and "encoder_attn.v" not in name]
    numbers = sum(p.numel() for p in read) + model.lm_head.weight.numel()
    assert SHAPE.bytes(1, 4)["decoder's weights"] == SHAPE.brief_tokens * numbers * 4
    assert SHAPE.bytes(8, 4)["decoder's weights"] == SHAPE.brief_tokens * numbers * 4 / 8


def test_seq2seq_benchmark_shape_is_that_of_bart_large_cnn():
    weights = 406_290_432  # of the model on the Hub, its tied embedding once
    shape = seq2seq_model.Shape()
    layer = 4 * shape.width**2 + 2 * shape.width * shape.inner
    counted = shape.layers * (2 * layer + 4 * shape.width**2) + shape.width * shape.vocabulary
    assert counted == pytest.approx(weights, rel=0.01)  # without biases, norms and positions


def test_seq2seq_benchmark_articles_have_just_the_tokens_asked_for(ours):
    articles = seq2seq_model.make_articles(3, SHAPE.source_tokens)
    assert len({article.text for article in articles}) == 3
    assert [len(ours._path._writer._tokenizer(a.text)["input_ids"]) for a in articles] == [SHAPE.source_tokens] * 3


def test_seq2seq_benchmark_all_systems_write_the_same_number_of_tokens(ours):
    articles = seq2seq_model.make_articles(3, SHAPE.source_tokens)
    writer = ours._path._writer
    seen = []
    decode = writer._tokenizer.decode
    texts = seq2seq.generate(writer, 2)(articles)
    writer._tokenizer.decode = lambda ids, **settings: seen.append(len(ids)) or decode(ids, **settings)
    try:
        different = seq2seq.differing(ours, articles, texts, 3)
    finally:
        writer._tokenizer.decode = decode
    assert set(seen) == {SHAPE.brief_tokens - 1}  # the end token comes at the limit and not before
    assert different == {"articles": 3, "generate": 0, "window 1": 0, "window 3": 0}


def test_seq2seq_benchmark_says_plainly_that_there_is_no_gpu(ours):
    arguments = argparse.Namespace(window=3, articles=3, single=1, batched=3)
    articles = seq2seq_model.make_articles(3, SHAPE.source_tokens)
    peaks = memory.Peaks(CPU)
    systems = seq2seq.all_systems(ours, articles, arguments, [2], peaks)
    for system in systems.values():
        system.run(system.articles)
    roof = {"bytes_per_second": 1e9, "flops_per_second": 1e9}
    seconds = {name: [2.0 if name == seq2seq.OURS else 6.0] for name in systems}
    lines = {
        name: seq2seq.row(name, seconds, SHAPE, 2, roof, torch.float32) | {"peak_gib": peaks.gib(name)}
        for name in systems
    }
    assert [line["ours_is_faster"] for line in lines.values()] == [1.0, 3.0, 3.0]
    result = {
        "machine": {"cpu": "a CPU", "threads": 1, "python": "3", "dtype": "torch.float32"},
        "packages": {},
        "articles": {"count": 3, "one_by_one": 1, "batched": 3},
        "shape": {name: getattr(SHAPE, name) for name in SHAPE.__slots__},
        "rounds": 1,
        "ours": seq2seq.told(ours),
        "roofs": roof,
        "systems": lines,
        "differing": {"articles": 1, "generate": 0},
    }
    page = seq2seq.table(result)
    assert "No GPU: these are numbers of the CPU." in page
    assert "BeamDecoder" in page
    result["machine"]["gpu"] = "a GPU"
    assert "No GPU" not in seq2seq.table(result)
