"""What importing the package may cost: no model library before a model is loaded."""

import resource
import subprocess
import sys

import pytest

import summarizer

HEAVY = ("torch", "transformers", "datasets", "sklearn", "pyarrow", "trafilatura", "ftfy", "numpy", "pydantic")


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("statement", ["import summarizer", "import summarizer.cli", "from summarizer import Article"])
def test_imports_load_nothing_heavy(statement: str):
    assert loaded_by(statement) == set()


@pytest.mark.parametrize("statement", ["import summarizer.config", "import summarizer.runner"])
def test_imports_of_config_and_runner_load_no_models(statement: str):
    assert loaded_by(statement) == {"pydantic"}


def test_imports_of_models_that_ship_leave_transformers_networks_out():
    code = (
        "import sys\n"
        "from summarizer.config import parse_config, RunConfig\n"
        "from summarizer.records import Article\n"
        "from summarizer.runner import Runner\n"
        "text = 'The council met on Monday. It chose a new harbour master. The ferry will sail again. ' * 9\n"
        "config = 'summarize: {backend: salience}\\nclassify: {backend: encoder}\\nruntime: {device: cpu}'\n"
        "(record,) = Runner(parse_config(config, RunConfig)).run([Article(id='a', text=text)])\n"
        "assert record.brief.sentences and record.tags is not None\n"
        "from summarizer.evidence.support import SupportModel\n"
        "from summarizer.runtime import RuntimeOptions\n"
        "SupportModel('support-minilm', RuntimeOptions(device='cpu')).score([('The ferry sank.', 'It sank.')])\n"
        "print(*[m for m in ('transformers.modeling_utils', 'peft') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_imports_all_is_sorted_and_true():
    assert list(summarizer.__all__) == sorted(summarizer.__all__)
    assert all(hasattr(summarizer, name) for name in summarizer.__all__)


def test_imports_help_costs_less_than_half_a_second_of_cpu():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "from summarizer.cli import main; main()", "--help"], check=True, stdout=-3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
