from __future__ import annotations

from pathlib import Path

import pytest
from read_cases import STORY, articles, failures, read_all

from summarizer.errors import InputError

ROWS = {"id": [1, 2], "text": [STORY, "B"], "desk": ["city", "port"]}


@pytest.mark.parametrize("format", ["auto", "dataset"])
def test_dataset_saved_folder_is_read(tmp_path: Path, format: str) -> None:
    from datasets import Dataset

    folder = tmp_path / "wire"
    Dataset.from_dict(ROWS).save_to_disk(folder)
    first, second = articles(read_all(folder, format=format))
    assert (first.id, first.text, first.fields, first.source) == ("1", STORY, {"desk": "city"}, f"{folder}:1")
    assert second.id == "2"


def test_dataset_split_is_chosen(tmp_path: Path) -> None:
    from datasets import Dataset, DatasetDict

    folder = tmp_path / "wire"
    DatasetDict({"dev": Dataset.from_dict({"text": ["B"]})}).save_to_disk(folder)
    assert [article.id for article in articles(read_all(folder, split="dev"))] == ["wire-1"]
    with pytest.raises(InputError, match=r"no split 'deb' \(splits: dev\)\. Set input\.split\. Did you mean 'dev'\?"):
        read_all(folder, split="deb")


def test_dataset_without_the_text_column_fails_once(tmp_path: Path) -> None:
    from datasets import Dataset

    Dataset.from_dict({"body": ["A", "B"]}).save_to_disk(tmp_path / "wire")
    [failure] = failures(read_all(tmp_path / "wire"))
    assert failure.what == "no column 'text' (fields seen: body)"


def test_dataset_damaged_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dataset_info.json").write_text("{}")
    with pytest.raises(InputError, match="cannot be read"):
        read_all(tmp_path)


def test_dataset_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a saved data set"):
        read_all(tmp_path, format="dataset")


@pytest.mark.parametrize("error", [ConnectionError("no route to host"), FileNotFoundError("no such data set")])
def test_dataset_on_the_hub_out_of_reach_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("datasets.load_dataset", refuse)
    with pytest.raises(InputError, match=f"example/wire: the data set cannot be loaded \\({error}\\).*save_to_disk"):
        read_all("example/wire", format="dataset")


def test_dataset_on_the_hub_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    from datasets import Dataset

    def stream(name: str, *, split: str, streaming: bool) -> object:
        assert (name, split, streaming) == ("example/wire", "train", True)
        return Dataset.from_dict(ROWS).to_iterable_dataset()

    monkeypatch.setattr("datasets.load_dataset", stream)
    assert [article.text for article in articles(read_all("example/wire", format="dataset"))] == [STORY, "B"]
