"""The page of ``duplicates``: what a reader needs of the measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from timing import footer

ABOUT_CHAINS = (
    "An item of a chain is one to three sentences on one event of a running story, such as a war, so that few repeat "
    "any words of the one before. Recall counts all items that have an earlier one of their chain within the days, "
    "most of which are no update of it; then those that share a sixth of their runs of words with one, and a third."
)


def ratio(part: int, whole: int) -> float | None:
    """Return a share, None of nothing."""
    return round(part / whole, 4) if whole else None


def page(result: Mapping[str, Any]) -> str:
    """Return the measurements for people."""
    half, default = result["reported"], result["default"]
    forms, chosen = result["chosen_forms"], result["chosen"]
    about = (
        f"{half['articles']} articles on one wire, {half['rewritten']} of them rewrites of an earlier one; "
        f"{half['items']} items of chains. Chosen on the other half: similarity {chosen} (default "
        f"{default['similarity']}), same_form {forms['same_form']} ({default['same_form']}), form_similarity "
        f"{forms['form_similarity']} ({default['form_similarity']})."
    )
    rate = f"{half['articles_per_second']} articles a second of one core, cleaning included"
    parts = [
        *["# Links between stories", "", about, ""],
        *rewrites_part(half),
        *kinds_part(half, chosen),
        *dated_part(result["dated"]),
        *forms_part(result),
        *chains_part(half, chosen),
        *[f"{rate} ({result['machine']['cpu']}).", "", footer(result, "duplicates.py")],
    ]
    return "\n".join(parts)


def rewrites_part(half: Mapping[str, Any]) -> list[str]:
    """Return the lines on rewrites at every similarity."""
    lines = ["## Rewrites", "", "| similarity | precision | with reports on one form | recall |", "|---|---|---|---|"]
    for step, rated in half["rewrites"].items():
        shown = (rated[name] for name in ("precision", "precision_with_forms", "recall"))
        lines.append(f"| {step} | " + " | ".join(map(str, shown)) + " |")
    return [*lines, ""]


def kinds_part(half: Mapping[str, Any], chosen: float) -> list[str]:
    """Return the lines on what was made of the articles."""
    lines = [f"At {chosen}, by what was made of an article; `none` and the last rows are stories of their own:", ""]
    lines += ["| kind | articles | linked | right | right as same_as or updates |", "|---|---|---|---|---|"]
    for kind, row in half["rewrites"][str(chosen)]["kinds"].items():
        if row["articles"]:
            lines.append(f"| {kind or 'none'} | " + " | ".join(str(value) for value in row.values()) + " |")
    return [*lines, ""]


def dated_part(measured: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines on the wire above with dates."""
    lines = [
        f"The same wire, which has no dates, spread over {measured[0]['days']} days, about a report of each form a"
    ]
    lines[-1] += " day; corrections of figures come on the story's day, or as late as all other rewrites:"
    names = ("precision_with_forms", "recall")
    kinds = list(measured[0]["kinds"])
    lines += ["", f"| corrected | precision with forms | recall | linked: {' / '.join(kinds)} |", "|---|---|---|---|"]
    for row in measured:
        linked = " / ".join(f"{one['linked']} of {one['articles']}" for one in row["kinds"].values())
        when = "on the day" if row["corrected_at_once"] else "up to four days later"
        lines.append(f"| {when} | " + " | ".join(str(row[name]) for name in names) + f" | {linked} |")
    return [*lines, ""]


def forms_part(result: Mapping[str, Any]) -> list[str]:
    """Return the lines on what tells reports on one form, measured on the other half and on other forms."""
    lines = ["## Reports on one form", "", "On the half and the forms that the two keys were chosen on:", ""]
    lines += ["| same_form | form_similarity | precision with forms | recall |", "|---|---|---|---|"]
    for row in result["forms"]:
        names = ("same_form", "form_similarity", "precision_with_forms", "recall")
        cells = ["off", "–", *(str(row[name]) for name in names[2:])] if row["same_form"] == 1 else None
        lines.append("| " + " | ".join(cells or [str(row[name]) for name in names]) + " |")
    return [*lines, ""]


def chains_part(half: Mapping[str, Any], chosen: float) -> list[str]:
    """Return the lines on chains: those similarities at which the links are others than at the one above."""
    lines = ["## Chains", "", ABOUT_CHAINS]
    heads = "similarity | links | right | wrong | no chain | precision | recall: all / a sixth / a third"
    for name, title in (("chains", "By default"), ("chains_any_sentence", "With `shared_sentences: 0`")):
        if not any(chains["links"] for chains in half[name].values()):
            items = " / ".join(str(row["items"]) for row in half[name][str(chosen)]["recall"].values())
            lines += ["", f"{title} no link at any similarity, of {items} items."]
            continue
        lines += ["", f"{title}:", "", f"| {heads} |", "|---" * 7 + "|"]
        below: Mapping[str, Any] = {}
        for step, chains in half[name].items():
            if chains == below:
                continue
            below = chains
            recall = " / ".join(f"{row['linked']} of {row['items']}" for row in chains["recall"].values())
            counted = " | ".join(str(chains[key]) for key in ("links", "right", "wrong", "unknown"))
            by_chain = ratio(chains["right"], chains["right"] + chains["wrong"])
            lines.append(f"| {step} | {counted} | {by_chain} | {recall} |")
    return [*lines, ""]
