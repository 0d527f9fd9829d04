"""When a causal model's brief is over."""

from __future__ import annotations

import pytest

from summarizer.summarize.stopping import BriefEnd, OnBrief

LINE = BriefEnd(max_words=10, first_line_only=True)
CHAT = BriefEnd(max_words=10, first_line_only=False)


@pytest.mark.parametrize(
    ("brief_end", "text", "is_over"),
    [
        (LINE, "", False),
        (LINE, "\n\n", False),
        (LINE, "\n\nThe ferry", False),
        (LINE, " The ferry sank.", False),
        (LINE, " The ferry sank.\n", True),
        (CHAT, "Here it is:\n\nThe ferry", False),
        (CHAT, "one two three four five six seven eight nine ten", False),
        (CHAT, "one two three four five six seven eight nine ten eleven", True),
        (CHAT, "It sank. It rose. It sank.", True),
        (CHAT, "It sank. It rose. It sank", False),
        (CHAT, "It sank. It sank twice.", False),
    ],
)
def test_stopping_sees_the_end_of_a_brief(brief_end, text, is_over):
    assert brief_end.is_reached(text) is is_over


@pytest.mark.parametrize(
    ("brief_end", "text", "brief"),
    [
        (LINE, " The ferry sank.", " The ferry sank."),
        (LINE, "\nThe ferry sank. \nArticle: More.", "The ferry sank."),
        (LINE, "", ""),
        (CHAT, "Here:\nThe ferry sank.", "Here:\nThe ferry sank."),
    ],
)
def test_stopping_cuts_what_follows_the_brief(brief_end, text, brief):
    assert brief_end.cut(text) == brief


def test_stopping_watches_each_row_past_its_prompt(llama_folder):
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(llama_folder)
    rows = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (" met\n", " rain", "\n", "\n\n")]
    prompt = tokenizer("One.\nTwo.", add_special_tokens=False)["input_ids"]
    watch = LINE.watch(tokenizer, len(prompt))
    over = [watch(torch.tensor([prompt + row]), None).tolist() for row in rows]
    assert over == [[True], [False], [False], [False]]


def test_stopping_keeps_the_prompt_out_of_a_repetition_rule():
    import torch

    seen = []
    rule = OnBrief(lambda ids, scores: seen.append(ids.tolist()) or scores, 3)
    scores = torch.zeros(1, 5)
    assert rule(torch.tensor([[1, 2, 3, 4]]), scores) is scores
    assert seen == [[[4]]]
