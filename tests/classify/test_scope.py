from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tiny_topics import as_articles, invent

from summarizer.classify.base import Scores
from summarizer.classify.encoder import Encoder, EncoderOptions
from summarizer.classify.scope import Scope, fit_scope, read_scope
from summarizer.errors import ModelError
from summarizer.runtime import RuntimeOptions


def cloud(articles: int, seed: int) -> torch.Tensor:
    """Vectors of four features, of which two always move together."""
    own = torch.randn(articles, 3, generator=torch.Generator().manual_seed(seed))
    return torch.cat([own, own[:, :1] + 0.1 * own[:, 1:2]], dim=1)


def test_scope_keeps_nearly_all_of_the_same_kind() -> None:
    scope = fit_scope(cloud(2000, 1), cloud(2000, 2))
    assert (scope.strangeness(cloud(2000, 3)) <= 1).float().mean().item() == pytest.approx(0.98, abs=0.01)


def test_scope_finds_what_breaks_the_pattern_though_each_feature_is_ordinary() -> None:
    """The first and last feature are each within one deviation, but never of opposite sign in training."""
    scope = fit_scope(cloud(2000, 1), cloud(2000, 2))
    assert scope.strangeness(torch.tensor([[1.0, 0.0, 0.0, -1.0]])).item() > 1
    assert scope.strangeness(torch.tensor([[1.0, 0.0, 0.0, 1.0]])).item() < 1


@pytest.mark.parametrize("articles", [1, 2, 3])
def test_scope_stands_fewer_articles_than_features(articles: int) -> None:
    scope = fit_scope(cloud(articles, 1), cloud(articles, 1))
    assert torch.isfinite(scope.strangeness(cloud(5, 2))).all()


def test_scope_widened_takes_what_lies_around_a_further_centre() -> None:
    scope = fit_scope(cloud(2000, 1), cloud(2000, 2))
    far = cloud(200, 3) + torch.tensor([30.0, 0.0, 0.0, 0.0])
    assert (scope.strangeness(far) > 1).all()
    wider = scope.widened(far.mean(0, keepdim=True))
    assert (wider.strangeness(far) <= 1).float().mean() > 0.9
    assert torch.equal(wider.strangeness(cloud(9, 4)), scope.strangeness(cloud(9, 4)))


def test_scope_file_round_trip(tmp_path: Path) -> None:
    scope = fit_scope(cloud(200, 1), cloud(200, 2))
    scope.save(tmp_path)
    loaded = read_scope(tmp_path, 4)
    assert loaded is not None
    assert torch.equal(loaded.strangeness(cloud(9, 3)), scope.strangeness(cloud(9, 3)))


def test_scope_is_none_without_a_file(tmp_path: Path) -> None:
    assert read_scope(tmp_path, 4) is None


def test_scope_refuses_another_models_file(tmp_path: Path) -> None:
    fit_scope(cloud(200, 1), cloud(200, 2)).save(tmp_path)
    with pytest.raises(ModelError, match=r"'centres' is \(1, 4\), the model asks for \(1, 5\)"):
        read_scope(tmp_path, 5)


@pytest.mark.parametrize("content", [b"", b"no tensors"])
def test_scope_refuses_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scope.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        read_scope(tmp_path, 4)


def test_scope_refuses_a_file_that_lacks_a_part(tmp_path: Path) -> None:
    save_file({"centres": torch.zeros(1, 4)}, tmp_path / "scope.safetensors")
    with pytest.raises(ModelError, match="'whitening' is nothing"):
        read_scope(tmp_path, 4)


def test_encoder_tells_strangeness_whatever_the_neighbours(
    bert_folder: Path, tmp_path: Path, runtime: RuntimeOptions
) -> None:
    import json
    import shutil

    folder = Path(shutil.copytree(bert_folder, tmp_path / "bert"))
    size = json.loads((folder / "config.json").read_text())["hidden_size"]
    Scope(torch.zeros(1, size), torch.eye(size), 2.0).save(folder)
    encoder = Encoder(EncoderOptions(model=str(folder)), runtime)
    articles = as_articles(invent(6))
    together = [scores.strangeness for scores in encoder.score(articles) if isinstance(scores, Scores)]
    for article, value in zip(articles, together, strict=True):
        (alone,) = encoder.score([article])
        assert isinstance(alone, Scores)
        assert alone.strangeness == pytest.approx(value, abs=1e-4)
    assert len({round(value or 0, 3) for value in together}) > 1


def test_encoder_check_scope_false_tells_none(bert_folder: Path, tmp_path: Path, runtime: RuntimeOptions) -> None:
    import shutil

    folder = Path(shutil.copytree(bert_folder, tmp_path / "bert"))
    Scope(torch.zeros(1, 3), torch.eye(3), 2.0).save(folder)  # of another size: it would be refused if it were read
    encoder = Encoder(EncoderOptions(model=str(folder), check_scope=False), runtime)
    (scores,) = encoder.score(as_articles(invent(1)))
    assert isinstance(scores, Scores)
    assert scores.strangeness is None
