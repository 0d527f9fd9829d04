"""How an article is laid out for the salience model."""

from __future__ import annotations

import pytest
from transformers import AutoTokenizer
from wire_stories import story

from summarizer.records import Article
from summarizer.salience.windows import NO_SENTENCE, lay_out, words_of
from summarizer.sentences import sentence_spans


@pytest.fixture(scope="module")
def tokenizer(bert_folder):
    return AutoTokenizer.from_pretrained(bert_folder)


@pytest.mark.parametrize("sentences", [1, 3, 12, 50])
@pytest.mark.parametrize("max_tokens", [24, 64, 512])
def test_windows_own_each_sentence_once_whatever_their_size(tokenizer, sentences, max_tokens):
    article = story("a", sentences)
    layout = lay_out(article, tokenizer, max_tokens)
    assert layout.spans == sentence_spans(article)
    owned = [i for window in layout.windows for i in dict.fromkeys(window.sentence_of) if i != NO_SENTENCE]
    assert owned == list(range(sentences))
    assert all(len(window.ids) == len(window.sentence_of) <= max_tokens for window in layout.windows)


def test_windows_of_a_long_article_overlap(tokenizer):
    layout = lay_out(story("a", 60), tokenizer, 512)
    assert len(layout.windows) > 1
    first, second = layout.windows[:2]
    context = [place for place, owner in enumerate(second.sentence_of) if owner == NO_SENTENCE]
    assert len(context) > 2  # beside the two special tokens it reads again what the first window owns
    assert first.ids[0] == second.ids[0] == tokenizer.cls_token_id


def test_windows_place_each_word_on_its_first_token(tokenizer):
    article = Article(id="a", text="The harbour council met. It will pay 48 million marks.")
    layout = lay_out(article, tokenizer, 64)
    assert layout.words == [["the", "harbour", "council", "met"], ["it", "will", "pay", "48", "million", "marks"]]
    window = layout.windows[0]
    words = [word for said in layout.words for word in said]
    for word, place in zip(words, window.word_at, strict=True):
        assert word.startswith(tokenizer.convert_ids_to_tokens(window.ids[place]).lstrip("#"))


def test_windows_leave_out_what_does_not_fit_when_told_so(tokenizer):
    whole = lay_out(story("a", 60), tokenizer, 512)
    cut = lay_out(story("a", 60), tokenizer, 512, max_windows=1)
    assert len(cut.windows) == 1
    assert 0 < len(cut.spans) == len(cut.words) == len(cut.lengths) < len(whole.spans)


def test_windows_begin_with_the_title(tokenizer):
    text, title = "The council met. It will pay.", "Harbour council meets " * 40
    plain = lay_out(Article(id="a", text=text), tokenizer, 64)
    titled = lay_out(Article(id="a", text=text, title=title), tokenizer, 64)
    (first,), (other,) = plain.windows, titled.windows
    more = len(other.ids) - len(first.ids)
    assert more == 64 // 4 + 1  # no more of the title than that, and what ends it
    assert other.ids[more] == tokenizer.sep_token_id
    assert other.ids[more + 1 :] == first.ids[1:]
    assert other.sentence_of == [NO_SENTENCE] * more + first.sentence_of
    assert other.word_at == [place + more for place in first.word_at]
    assert titled.words == plain.words


def test_windows_of_blank_text_are_none(tokenizer):
    layout = lay_out(Article(id="a", text=" \n "), tokenizer, 64)
    assert (layout.spans, layout.windows) == ([], [])


def test_windows_keep_going_where_small_letters_are_longer(tokenizer):
    layout = lay_out(Article(id="a", text="İİ İstanbul met. Naïve 東京 talks."), tokenizer, 64)
    assert sum(map(len, layout.words)) == len(layout.windows[0].word_at)


def test_words_of_text_are_small_and_without_marks():
    assert words_of("U.S. aid_plan: $1.2bn, O'Neil's") == ["u", "s", "aid", "plan", "1", "2bn", "o", "neil", "s"]
