"""Five invented topics of thirty stories each, the defaults and the shipped base: a newsroom's first try."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_topics import INVENTED_TOPICS, invent_stories
from tiny_topics import as_articles, write_rows

from summarizer.classify import EncoderOptions, Scores, load_classifier
from summarizer.runtime import RuntimeOptions
from summarizer.train.topics import train_topics
from summarizer.train.topics_options import TopicTraining

pytestmark = pytest.mark.slow
MOST_STEPS = 63
"""At 16 stories of a hundred tokens, about two minutes on two cores that have nothing else to do."""


class Killed(BaseException):
    """Stands for a kill in the middle of a run."""


def options(folder: Path, name: str) -> TopicTraining:
    data = write_rows(folder / "stories.jsonl", invent_stories(30))
    return TopicTraining(data=data, out=str(folder / name), runtime=RuntimeOptions(device="cpu", threads=2))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The model's folder and the metrics of a run that nobody disturbed."""
    run = options(tmp_path_factory.mktemp("whole"), "model")
    return Path(run.out), train_topics(run, lambda _line: None)


def killing(start: str) -> Callable[[str], None]:
    def say(line: str) -> None:
        if line.startswith(start):
            raise Killed

    return say


def test_few_shot_ends_early_with_a_model_and_a_card(trained: tuple[Path, dict[str, Any]]) -> None:
    folder, metrics = trained
    assert metrics["steps"] <= MOST_STEPS
    assert metrics["problem_type"] == "single_label_classification"
    assert "100 to learn from, 50 held out" in (folder / "README.md").read_text()


def test_few_shot_model_knows_its_topics_in_new_stories(trained: tuple[Path, dict[str, Any]]) -> None:
    rows = invent_stories(12, seed=99)
    model = load_classifier(EncoderOptions(model=str(trained[0])), RuntimeOptions(device="cpu", threads=2))
    assert [topic.id for topic in model.topics] == INVENTED_TOPICS
    right = 0
    for row, scores in zip(rows, model.score(as_articles(rows)), strict=True):
        assert isinstance(scores, Scores)
        best = scores.probabilities.index(max(scores.probabilities))
        right += [INVENTED_TOPICS[best]] == row["topics"]
    assert right >= 57  # of 60


def test_few_shot_killed_in_the_middle_ends_with_the_same_metrics(
    trained: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    with pytest.raises(Killed):
        train_topics(options(tmp_path, "model"), killing("step 20/"))
    said: list[str] = []
    assert train_topics(options(tmp_path, "model"), said.append) == trained[1]
    assert any(line.startswith("taken up after epoch 2") for line in said)
