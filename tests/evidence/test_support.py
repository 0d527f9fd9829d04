from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from invented_briefs import ARTICLE, GOOD, WRITTEN
from tiny_support import MAX_TOKENS, tiny_support

from summarizer.errors import ModelError
from summarizer.evidence.support import SupportModel
from summarizer.evidence.support_network import Tokens
from summarizer.runtime import RuntimeOptions

OTHER = "Farmers in the eastern valley expect a better harvest."
PAIRS = [(ARTICLE, GOOD), (ARTICLE, WRITTEN), (OTHER, GOOD), ("", WRITTEN), (OTHER, OTHER)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, bert_folder: Path) -> Path:
    return tiny_support(tmp_path_factory.mktemp("models") / "support", bert_folder, threshold=0.4)


@pytest.fixture(scope="module")
def model(folder: Path, runtime: RuntimeOptions) -> SupportModel:
    return SupportModel(str(folder), runtime)


def test_support_scores_are_probabilities_that_hang_on_both_texts(model: SupportModel) -> None:
    scores = model.score(PAIRS)
    assert all(0 < score < 1 for score in scores)
    assert len({round(score, 5) for score in scores}) == len(PAIRS)


def test_support_scores_do_not_hang_on_neighbours(folder: Path, runtime: RuntimeOptions) -> None:
    small = SupportModel(str(folder), runtime.model_copy(update={"batch_tokens": 64}))
    alone = [score for pair in PAIRS for score in small.score([pair])]
    assert SupportModel(str(folder), runtime).score(PAIRS) == alone
    assert small.score(PAIRS[::-1])[::-1] == alone


def test_support_scores_nothing_for_no_pairs(model: SupportModel) -> None:
    assert model.score([]) == []


def test_support_gives_nothing_to_a_sentence_that_it_cannot_read(model: SupportModel) -> None:
    endless = "bridge " * 80
    scores = model.score([(ARTICLE, endless), (ARTICLE, GOOD), (ARTICLE, " ")])
    assert (scores[0], scores[2]) == (0.0, 0.0)
    assert scores[1] == pytest.approx(model.score([(ARTICLE, GOOD)])[0], abs=1e-5)


def test_support_cuts_the_evidence_and_never_the_sentence(bert_folder: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(bert_folder)
    wanted = tokenizer("the bridge closed", add_special_tokens=False)["input_ids"]
    row = Tokens(tokenizer, 20, 64).encode([("the ferry " * 60, "the bridge closed")])[0]
    assert row is not None
    ids, end = row
    assert ids[1:end] == wanted
    assert 20 <= len(ids) <= 64


def test_support_knows_its_name_hash_and_threshold(model: SupportModel, folder: Path) -> None:
    (name, identity), *more = model.models.items()
    assert (name, more, model.threshold) == (str(folder), [], 0.4)
    assert identity.startswith("sha256:")


def test_support_refuses_a_model_of_another_task(bert_folder: Path, runtime: RuntimeOptions) -> None:
    with pytest.raises(ModelError, match="is no support model"):
        SupportModel(str(bert_folder), runtime)


def test_support_refuses_a_manifest_without_a_threshold(folder: Path, runtime: RuntimeOptions, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    manifest = json.loads((copy / "summarizer.json").read_text())
    del manifest["support"]["threshold"]
    (copy / "summarizer.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"lacks support\.threshold"):
        SupportModel(str(copy), runtime)


def test_support_tokens_leave_room_for_evidence(bert_folder: Path) -> None:
    from transformers import AutoTokenizer

    tokens = Tokens(AutoTokenizer.from_pretrained(bert_folder), MAX_TOKENS, 64)
    assert tokens.encode([("the ferry " * 60, "bridge " * 58)]) == [None]
    assert tokens.encode([]) == []
