"""Writes the reading sheet: article and brief side by side in one HTML page, for a person to judge.

Comes after the pairs are read. The page holds everything, asks for nothing and runs no script but its own; all text is
escaped.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import pairwise

from summarizer.evaluate.briefs_data import Pair
from summarizer.records import Dropped, Sentence

TITLES = {
    "generated": "written by the model and borne out",
    "flagged": "written by the model, not borne out",
    "verbatim": "the source's own words",
    "replaced": "the source's words in place of the model's",
    "dropped": "taken out",
}
JUDGEMENTS = ("fine", "clumsy", "misses the point", "misleading", "wrong fact")

Mark = tuple[int, int, int]
"""Half-open span of the article's text, and the number of the sentence that it bears out."""


def draw_pairs(pairs: Sequence[Pair], count: int, seed: int) -> list[Pair]:
    """Draw so many pairs, all of them where there are fewer; they keep their order."""
    chosen = random.Random(seed).sample(range(len(pairs)), min(count, len(pairs)))
    return [pairs[number] for number in sorted(chosen)]


def write_sheet(pairs: Sequence[Pair]) -> str:
    """Return the page.

    :param pairs: to be shown, in this order.
    """
    style, script = (files(__package__).joinpath(f"briefs_sheet.{kind}").read_text("utf-8") for kind in ("css", "js"))
    policy = (
        f"default-src 'none'; style-src '{_source(style)}'; script-src '{_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    legend = "".join(f'<li class="{origin}">{escape(title)}</li>' for origin, title in TITLES.items())
    shown = "".join(_pair(pair, number) for number, pair in enumerate(pairs, 1))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Reading sheet: {len(pairs)} briefs</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>Reading sheet: {len(pairs)} briefs</h1>
<p class="note">Point at a sentence of a brief, or move to it with Tab, and its evidence lights up in the article; Enter
or a click goes there. Small figures in the article are the numbers of the sentences.</p>
<ul class="legend">{legend}</ul>
</header>
<main>{shown}</main>
<section id="judgements">
<h3>Judgements</h3>
<p class="note"><output>0 judged</output>. They are not kept when the page is closed: copy them from here.</p>
<textarea readonly aria-label="Judgements, one a line: id and judgement"></textarea>
</section>
<script>{script}</script>
</body>
</html>
"""


def _source(text: str) -> str:
    """Name an inline style or script in the page's policy, which then allows no other."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _pair(pair: Pair, number: int) -> str:
    article, brief = pair.article, pair.brief
    language = f' lang="{escape(article.language)}"' if article.language else ""
    by = " ".join(filter(None, (brief.backend, brief.model)))
    facts = [article.id, f"{len(article.text.split())} words in {brief.words}", *([by] if by else [])]
    fit = [_fitting(sentence, article.text) for sentence in brief.sentences]
    marks = [(start, end, order) for order, spans in enumerate(fit, 1) for start, end in spans]
    sentences = [
        _sentence(sentence, order, f"p{number}s{order}", lost=len(sentence.evidence) - len(spans))
        for order, (sentence, spans) in enumerate(zip(brief.sentences, fit, strict=True), 1)
    ]
    sentences += [_dropped(dropped) for dropped in brief.dropped]
    listed = "".join(sentences) or '<li class="dropped">The brief is empty.</li>'
    return f"""
<section class="pair">
<h2 dir="auto">{escape(article.title or article.id)}</h2>
<p class="facts">{number}. {escape(" · ".join(facts))}</p>
<div class="columns">
<div class="brief"{language}>
<h3>Brief</h3>
<ul class="sentences">{listed}</ul>
<details class="human"><summary>Human brief</summary><p dir="auto">{escape(pair.reference)}</p></details>
{_judgement(article.id, number)}
</div>
<div{language}>
<h3>Article</h3>
<div class="article" dir="auto">{"".join(_marked(article.text, marks))}</div>
</div>
</div>
</section>
"""


def _fitting(sentence: Sentence, text: str) -> list[tuple[int, int]]:
    """Return the spans of a sentence's evidence that hold what they say; others would mark something else."""
    return [(span.start, span.end) for span in sentence.evidence if text[span.start : span.end] == span.text]


def _sentence(sentence: Sentence, order: int, name: str, *, lost: int) -> str:
    origin = "flagged" if sentence.origin == "generated" and sentence.unsupported else sentence.origin
    why = [f"<b>{order}. {escape(TITLES[origin])}</b>"]
    if sentence.origin == "generated":
        why += [f"support {sentence.support:.2f}", *map(escape, sentence.unsupported)]
    if lost:
        why.append(f"{lost} of its spans do not fit this article")
    button = f'<button type="button" class="sentence" dir="auto" data-for="{order}" aria-describedby="{name}">'
    return f"""<li class="{origin}">
{button}{escape(sentence.text)}</button>
<p class="why" id="{name}">{"; ".join(why)}.</p>{_draft(sentence)}
</li>"""


def _draft(sentence: Sentence) -> str:
    """Return what the model had written in the place of a sentence, and what was wrong with it."""
    if not sentence.replaces:
        return ""
    reasons = "; ".join(map(escape, sentence.unsupported))
    return f'<p class="why">The model had: <span class="draft">{escape(sentence.replaces)}</span> ({reasons}).</p>'


def _dropped(dropped: Dropped) -> str:
    why = "; ".join([f"<b>{escape(TITLES['dropped'])}</b>", *map(escape, dropped.unsupported)])
    return f"""<li class="dropped"><span class="sentence" dir="auto">{escape(dropped.text)}</span>
<p class="why">{why}.</p></li>"""


def _judgement(article: str, number: int) -> str:
    radios = "".join(
        f'<label><input type="radio" name="p{number}" data-id="{escape(article)}" value="{value}"> {value}</label>'
        for value in JUDGEMENTS
    )
    return f"<fieldset><legend>The brief is</legend>{radios}</fieldset>"


def _marked(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    """Yield the text in escaped pieces, each that bears a sentence out in a mark; marks may overlap."""
    cuts = sorted({0, len(text), *(place for start, end, _ in marks for place in (start, end))})
    starts = {start: [order for first, _, order in marks if first == start] for start, _, _ in marks}
    for start, end in pairwise(cuts):
        piece = escape(text[start:end])
        orders = [str(order) for first, last, order in marks if first <= start and end <= last]
        if not orders:
            yield piece
            continue
        label = ", ".join(map(str, starts.get(start, ())))
        number = f'<sup aria-hidden="true">{label}</sup>' if label else ""
        yield f'<mark data-for="{" ".join(orders)}">{number}{piece}</mark>'
