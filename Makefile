# `make demo` and `make test` set themselves up; nothing else is needed on a machine with Python 3.10 or later.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# `make check EXTRAS=weights,serve,dev,ray` in a fresh checkout runs the tests of the Ray engine too.
EXTRAS ?= weights,serve,dev

.PHONY: demo test check bench format clean

demo: $(READY)
	$(BIN)/summarizer models fetch brief-gemma
	$(BIN)/summarizer run configs/wire.yaml --overwrite --show

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# ARTICLES: JSON lines with id, text and a human summary. STORIES: JSON lines with id, text and topics.
bench: $(READY)
	@test -n "$(ARTICLES)" && test -n "$(STORIES)" || { echo "make bench ARTICLES=briefs.jsonl STORIES=topics.jsonl"; exit 2; }
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[weights,serve,dev,bench]'
	$(BIN)/python benchmarks/decode.py $(ARTICLES)
	$(BIN)/python benchmarks/brief_cost.py $(ARTICLES)
	$(BIN)/python benchmarks/tag_throughput.py $(STORIES)
	$(BIN)/python benchmarks/batch_job.py $(STORIES)
	$(BIN)/python benchmarks/kill.py $(STORIES)

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv out dist

# torch comes first and pinned, so that no CUDA build is pulled in by accident on a machine without a GPU.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check $$(grep '^torch==' constraints.txt)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	touch $@
