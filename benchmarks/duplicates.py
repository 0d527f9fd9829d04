"""Measures the links between stories: precision and recall, on chains of real stories and on rewrites of articles.

    python benchmarks/duplicates.py --chains chains.jsonl --articles articles.jsonl --out benchmarks/results

``--chains`` has ``id``, ``date``, ``text`` and ``story`` (the chain's names, outermost first) on each line, in the
order of the days; ``--articles`` is anything that the reader takes. What tells reports on one form and the similarity
are chosen on one half, the first half of the chains' days and every second article; all that is reported comes from the
other, whose reports are on other forms. Writes ``duplicates.json`` and ``duplicates.md``.

A chain names a running story, such as a war, and most of its items tell another event of it. So three recalls are given
for chains: of all items that have an earlier one of their chain within the days, of those that share a sixth of their
runs of words with such an item, and of those that share a third.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duplicates_page import page, ratio
from forms import CHOOSING, FORMS, REPORTED
from rewrites import LOOK_ALIKES, NOTHING_NEW, REWRITES, Case, dated, make_wire
from timing import machine, versions, write

from summarizer.clean import CleanOptions, clean
from summarizer.read import InputOptions, read
from summarizer.records import Article, Link, MadeBy, Record
from summarizer.updates import Linker, UpdatesOptions
from summarizer.updates.chains import day_of
from summarizer.updates.sketch import runs, shared_runs

LOWEST = 0.1
STEPS = tuple(round(0.1 + 0.05 * step, 2) for step in range(13))
WANTED_PRECISION = 0.99
SAME_FORM, FORM_SIMILARITY = (0.2, 0.3, 0.4), (0.6, 0.65, 0.7, 0.8)
RECALL_FOR_FORMS = 0.005
"""So much recall may be given up to keep reports on one form apart."""
WIRE_DAYS = 26
"""With so many days about one report of each form is made a day."""
LEAST_WORDS = 120
SEED = 13
NEAR = (0.0, 1 / 6, 1 / 3)
PACKAGES = ("summarizer", "datasketch", "numpy")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a chain; ``story`` holds the names of its chain, outermost first, and may be empty."""

    article: Article
    story: tuple[str, ...]


def main() -> None:
    """Measure, write both files and print the table."""
    arguments = parse()
    result: dict[str, Any] = {"machine": machine(1), "packages": versions(PACKAGES), "seed": SEED}
    items = read_chains(arguments.chains)
    middle = next(i for i, item in enumerate(items) if item.article.date == items[len(items) // 2].article.date)
    found = read(InputOptions(path=arguments.articles))
    articles = [item for item in found if isinstance(item, Article) and len(item.text.split()) >= LEAST_WORDS]
    one, other = articles[::2], articles[1::2]
    default = UpdatesOptions()
    result["default"] = default.model_dump()
    result["forms"] = measure_forms(make_wire(one, other, SEED, CHOOSING), default.similarity)
    result["chosen_forms"] = choose_forms(result["forms"])
    result["choosing"] = measure(items[:middle], make_wire(one, other, SEED, CHOOSING))
    result["chosen"] = choose(result["choosing"])
    wire = make_wire(other, one, SEED, REPORTED)
    result["reported"] = measure(items[middle:], wire)
    result["dated"] = [measure_dated(wire, at_once, result["chosen"]) for at_once in (True, False)]
    write(result, page(result), arguments.out, "duplicates")
    print(page(result))


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chains", type=Path, required=True)
    parser.add_argument("--articles", required=True)
    parser.add_argument("--out", type=Path, default=Path("out/duplicates"))
    return parser.parse_args(arguments)


def read_chains(path: Path) -> list[Item]:
    """Read the items of chains, in order."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Item(Article(id=row["id"], text=row["text"], date=row["date"]), tuple(row["story"])) for row in rows]


def link_all(articles: Iterable[Article], **options: Any) -> tuple[list[Link | None], float]:
    """Return each article's link at the lowest similarity, and the articles a second of the processor."""
    linker = Linker(UpdatesOptions(similarity=LOWEST, **options))
    made_by = MadeBy("", "", {})
    links = []
    begun = time.process_time()
    for place, article in enumerate(articles):
        cleaned = clean(article, CleanOptions())
        record = Record(article=cleaned, brief=None, tags=None, needs_review=False, made_by=made_by)
        links.append(linker.link(place, cleaned, record).link)
    rate = len(links) / (time.process_time() - begun)
    linker.close()
    return links, rate


def measure_forms(wire: Sequence[Case], similarity: float) -> list[dict[str, Any]]:
    """Measure what tells reports on one form, at every step of both keys; first without it."""
    steps = [(1.0, 0.7), *((same, alike) for same in SAME_FORM for alike in FORM_SIMILARITY)]
    rows = []
    for same, alike in steps:
        links, _ = link_all((case.article for case in wire), same_form=same, form_similarity=alike)
        rated = rate_wire(wire, links, similarity)
        found = {name: rated[name] for name in ("precision", "precision_with_forms", "recall")}
        rows.append({"same_form": same, "form_similarity": alike, **found})
    return rows


def choose_forms(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the most precise step that gives up little recall; of equal ones the one in the middle."""
    cheap = [row for row in rows[1:] if row["recall"] >= rows[0]["recall"] - RECALL_FOR_FORMS]
    most = max(row["precision_with_forms"] for row in cheap)
    best = [row for row in cheap if row["precision_with_forms"] == most]
    chosen = best[len(best) // 2]
    return {name: chosen[name] for name in ("same_form", "form_similarity")}


def measure(items: Sequence[Item], wire: Sequence[Case]) -> dict[str, Any]:
    """Measure one half at every similarity."""
    wire_links, rate = link_all(case.article for case in wire)
    return {
        "items": len(items),
        "articles": len(wire),
        "rewritten": sum(case.kind in REWRITES for case in wire),
        "articles_per_second": round(rate, 1),
        "chains": measure_chains(items),
        "chains_any_sentence": measure_chains(items, shared_sentences=0),
        "rewrites": {str(step): rate_wire(wire, wire_links, step) for step in STEPS},
    }


def measure_dated(wire: Sequence[Case], corrected_at_once: bool, similarity: float) -> dict[str, Any]:
    """Measure a wire whose articles have dates."""
    spread = dated(wire, WIRE_DAYS, corrected_at_once=corrected_at_once)
    links, _ = link_all(case.article for case in spread)
    rated = rate_wire(spread, links, similarity)
    rows = {kind: rated["kinds"][kind] for kind in ("figures", *FORMS) if rated["kinds"][kind]["articles"]}
    found = {name: rated[name] for name in ("precision", "precision_with_forms", "recall")}
    return {"corrected_at_once": corrected_at_once, "days": WIRE_DAYS, **found, "kinds": rows}


def measure_chains(items: Sequence[Item], **options: Any) -> dict[str, Any]:
    """Measure the links of chains at every similarity."""
    links, _ = link_all((item.article for item in items), **options)
    nearest = nearest_in_chain(items)
    return {str(step): rate_chains(items, links, nearest, step) for step in STEPS}


def nearest_in_chain(items: Sequence[Item]) -> list[float | None]:
    """Return for each item how alike the most alike earlier one of its innermost chain is; None where there is none."""
    days = UpdatesOptions().within_days or 0
    earlier: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    nearest: list[float | None] = []
    for item in items:
        day, own = day_of(item.article) or 0, runs(item.article.text)
        others = earlier[item.story[-1]] if item.story else []
        rated = []
        for other_day, other in others:
            if day - other_day <= days:
                shared = shared_runs(own, other)
                rated.append(shared / (len(own) + len(other) - shared))
        nearest.append(max(rated, default=None))
        others.append((day, own))
    return nearest


def rate_chains(
    items: Sequence[Item], links: Sequence[Link | None], nearest: Sequence[float | None], least: float
) -> dict[str, Any]:
    """Rate the links of chains: one is right where both items are of the same chain, on any level.

    Links of an item without a chain cannot be rated; they are counted apart.
    """
    stories = {item.article.id: item.story for item in items}
    counts = {"links": 0, "right": 0, "wrong": 0, "unknown": 0, "innermost": 0}
    linked = []
    for item, link in zip(items, links, strict=True):
        is_linked = link is not None and link.similarity >= least
        linked.append(is_linked)
        if link is None or not is_linked:
            continue
        other = stories[link.id]
        counts["links"] += 1
        verdict = "unknown" if not (item.story and other) else "right" if set(item.story) & set(other) else "wrong"
        counts[verdict] += 1
        counts["innermost"] += verdict == "right" and item.story[-1] == other[-1]
    recalls = {}
    for near in NEAR:
        wanted = [
            is_linked for is_linked, most in zip(linked, nearest, strict=True) if most is not None and most >= near
        ]
        recalls[f"{near:.2f}"] = {"items": len(wanted), "linked": sum(wanted)}
    return {**counts, "recall": recalls}


def rate_wire(wire: Sequence[Case], links: Sequence[Link | None], least: float) -> dict[str, Any]:
    """Rate the links of rewrites: one is right where it leads to an earlier article of the same story."""
    stories = {case.article.id: case.story for case in wire}
    kinds = {kind: {"articles": 0, "linked": 0, "right": 0, "right_kind": 0} for kind in ("", *REWRITES, *LOOK_ALIKES)}
    for case, link in zip(wire, links, strict=True):
        row = kinds[case.kind]
        row["articles"] += 1
        if link is None or link.similarity < least:
            continue
        is_right = stories[link.id] == case.story
        row["linked"] += 1
        row["right"] += is_right
        row["right_kind"] += is_right and (link.kind == "same_as") == (case.kind in NOTHING_NEW)
    rewritten = [kinds[kind] for kind in REWRITES]
    return {
        "kinds": kinds,
        "precision": precision(row for kind, row in kinds.items() if kind not in FORMS),
        "precision_with_forms": precision(kinds.values()),
        "recall": ratio(sum(row["right"] for row in rewritten), sum(row["articles"] for row in rewritten)),
    }


def precision(rows: Iterable[Mapping[str, int]]) -> float | None:
    """Return the share of right links in some kinds."""
    counted = [(row["right"], row["linked"]) for row in rows]
    return ratio(sum(right for right, _ in counted), sum(linked for _, linked in counted))


def choose(half: Mapping[str, Any]) -> float:
    """Return the lowest similarity that is precise enough on both kinds of data, and at every higher one too."""
    chosen = STEPS[-1]
    for step in reversed(STEPS):
        chains, rewritten = half["chains"][str(step)], half["rewrites"][str(step)]
        both = (ratio(chains["right"], chains["right"] + chains["wrong"]), rewritten["precision"])
        if min(1.0 if value is None else value for value in both) < WANTED_PRECISION:
            break
        chosen = step
    return chosen


if __name__ == "__main__":
    main()
