"""Which earlier story an article is linked to, what is said to have changed, and what becomes of its tags."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from invented_wire import Wire, again, invent

from summarizer.errors import OutputError
from summarizer.records import Decision, Evidence, Link, Tag, Topic
from summarizer.updates import Linker, UpdatesOptions

STORY = invent(1)


def link_of(wire: Wire, article) -> Link | None:
    return wire.send(article).link


def changed(link: Link | None) -> list[str]:
    assert link is not None
    return [sentence.text for sentence in link.sentences]


def test_linker_leaves_stories_of_their_own_alone():
    wire = Wire()
    assert [link_of(wire, invent(number)) for number in range(60)] == [None] * 60


def test_linker_same_story_under_another_headline_says_nothing_new():
    wire = Wire()
    wire.send(STORY)
    link = link_of(wire, again(STORY, title="Something else"))
    assert link == Link(kind="same_as", id="w1", similarity=1.0, title_was=STORY.title)


def test_linker_same_story_cut_short_says_how_much_is_gone():
    wire = Wire()
    wire.send(STORY)
    link = link_of(wire, again(STORY, text=STORY.text.rpartition("\n\n")[0]))
    assert (link and link.kind, link and link.gone, changed(link)) == ("same_as", 3, [])


def test_linker_update_names_the_new_sentences_as_spans_of_the_text_as_it_came_in():
    wire = Wire()
    wire.send(STORY)
    first, *rest = STORY.text.split("\n\n")
    new = "Envoys of both sides met in Sundby late on Friday."
    text = "ARVEN (Wire)  —  " + "\n\n".join([first, new, *rest])
    link = link_of(wire, again(STORY, text=text))
    assert link is not None
    at = text.index(new)
    assert (link.kind, link.sentences, link.gone) == ("updates", (Evidence(at, at + len(new), new),), 0)


def test_linker_corrected_figure_is_a_new_sentence_and_one_that_is_gone():
    wire = Wire()
    wire.send(STORY)
    figure = STORY.text.split(".")[0].rpartition(" ")[2]
    link = link_of(wire, again(STORY, text=STORY.text.replace(f"{figure}.", "1000.", 1)))
    assert (link and link.kind, link and link.gone) == ("updates", 1)
    assert [text.endswith("about 1000.") for text in changed(link)] == [True]


def test_linker_takes_the_most_alike_and_of_equal_ones_the_first():
    wire = Wire()
    wire.send(STORY)
    wire.send(again(STORY, "copy"))
    longer = again(
        STORY, "longer", text=STORY.text + "\n\nA crowd came. It left soon after the bells of the town rang."
    )
    wire.send(longer)
    assert [link_of(wire, again(article, "x")) for article in (STORY, longer)] == [
        Link(kind="same_as", id="w1", similarity=1.0),
        Link(kind="same_as", id="longer", similarity=1.0),
    ]


def test_linker_shared_paragraph_is_no_link():
    wire = Wire()
    about = invent(99, sentences=3).text
    wire.send(again(invent(1), "one", text=f"{invent(1).text}\n\n{about}"))
    assert link_of(wire, again(invent(2), "two", text=f"{invent(2).text}\n\n{about}")) is None


def test_linker_sentence_that_is_written_every_day_is_no_link():
    wire = Wire()
    wire.send(again(STORY, "mon", text="At least 41 people were taken ill in the towns of the delta."))
    assert (
        link_of(wire, again(STORY, "tue", text="At least 24 people were taken ill in the towns of the delta.")) is None
    )


def test_linker_looks_back_so_many_articles_and_no_more():
    wire = Wire(look_back=3)
    for number in range(1, 4):
        wire.send(invent(number))
    assert link_of(wire, again(invent(1), "x")) is not None
    assert link_of(wire, again(invent(1), "y")) is not None  # the copy before it is near enough
    for number in range(4, 7):
        wire.send(invent(number))
    assert link_of(wire, again(invent(1), "z")) is None


def test_linker_dates_too_far_apart_are_no_link_unless_the_publisher_says_so():
    dated = replace(STORY, date="2026-03-01")
    for days, fields, is_linked in [("08", {}, True), ("09", {}, False), ("09", {"evolvedfrom": "w1"}, True)]:
        wire = Wire(within_days=7)
        wire.send(dated)
        assert (link_of(wire, again(STORY, date=f"2026-03-{days}T10:00:00Z", fields=fields)) is not None) == is_linked
    wire = Wire(within_days=7)
    wire.send(dated)
    assert link_of(wire, again(STORY, date="Sunday")) is not None


def test_linker_publisher_names_the_version_before_whatever_the_text():
    wire = Wire()
    wire.send(invent(1))
    wire.send(invent(2))
    link = link_of(wire, again(invent(2), "new", fields={"evolvedfrom": "w1"}))
    assert (link and link.id, link and link.kind) == ("w1", "updates")


def test_linker_item_that_is_issued_again_updates_itself():
    wire = Wire()
    wire.send(replace(STORY, fields={"version": "1"}))
    second = replace(STORY, text=invent(2).text, fields={"version": "2"})
    link = link_of(wire, second)
    assert (link and link.id, link and link.kind, link and link.version_was) == ("w1", "updates", "1")
    link = link_of(wire, replace(second, fields={"version": 3}))
    assert (link and link.kind, link and link.version_was) == ("same_as", "2")


def test_linker_new_version_that_only_takes_back_is_an_update():
    wire = Wire()
    wire.send(STORY)
    fields = {"evolvedfrom": "w1"}
    shorter = again(STORY, text=STORY.text.rpartition("\n\n")[0], fields=fields)
    assert [link.kind for link in [link_of(wire, shorter)] if link] == ["updates"]


def test_linker_id_that_is_used_twice_without_versions_says_nothing():
    wire = Wire()
    wire.send(STORY)
    assert link_of(wire, replace(invent(2), id="w1")) is None


def tag(probability: float, decision: Decision, topic: str = "energy") -> Tag:
    return Tag(Topic(topic, topic), probability, decision, limits=(0.7, 0.4))


def test_linker_keeps_the_tags_of_the_earlier_story_and_passes_them_on():
    wire = Wire(tag_margin=0.1)
    wire.send(STORY, (tag(0.72, "accepted"),))
    second = wire.send(again(STORY, "b"), (tag(0.68, "review"),))
    assert second.tags is not None
    assert [(held.decision, held.own_decision) for held in second.tags] == [("accepted", "review")]
    assert not second.needs_review
    third = wire.send(again(STORY, "c"), (tag(0.59, "review"),))
    assert third.tags is not None
    assert [(held.decision, held.own_decision) for held in third.tags] == [("review", None)]
    assert third.needs_review


def test_linker_story_out_of_scope_needs_a_review_whatever_was_kept():
    wire = Wire(tag_margin=0.1)
    wire.send(STORY, (tag(0.72, "accepted"),))
    record = wire.send(again(STORY, "b"), (tag(0.68, "review"),), tag_warnings=("tags: out of scope",))
    assert record.needs_review


def test_linker_unlinked_story_keeps_its_own_decisions():
    wire = Wire(tag_margin=0.1)
    wire.send(STORY, (tag(0.72, "accepted"),))
    own = (tag(0.68, "review"),)
    assert wire.send(invent(2), own).tags == own


def test_linker_temporary_index_forgets_what_is_too_far_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("summarizer.updates.linker.TIDY_EVERY", 10)
    wire = Wire(look_back=5)
    for number in range(40):
        wire.send(invent(number, sentences=3))
    assert len(list(wire.linker._index.rows(0, 99))) == 5


def test_linker_goes_on_from_a_file_as_if_it_had_never_stopped(tmp_path: Path):
    articles = [again(invent(number % 4), f"a{number}") for number in range(12)]
    whole = [link_of(wire, article) for wire in [Wire()] for article in articles]
    links = []
    for done in range(0, 12, 3):
        linker = Linker(UpdatesOptions(), tmp_path / "links", done=done)
        wire = Wire(linker, done)
        links += [link_of(wire, article) for article in articles[done : done + 3]]
        linker.save(done + 3)
        [link_of(wire, article) for article in reversed(articles)]  # saved too late, as by a kill before the journal
        linker.save(done + 15)
        linker.close()
    assert links == whole
    assert sum(link is not None for link in links) == 8


def test_linker_refuses_a_file_that_is_gone_or_behind(tmp_path: Path):
    path = tmp_path / "links"
    with pytest.raises(OutputError, match=r"is gone, but 3 articles.*--restart"):
        Linker(UpdatesOptions(), path, done=3)
    linker = Linker(UpdatesOptions(), path)
    linker.save(2)
    linker.close()
    with pytest.raises(OutputError, match=r"knows 2 articles of the run, which has come to 3.*--restart"):
        Linker(UpdatesOptions(), path, done=3)


def test_linker_read_only_answers_as_of_a_place(tmp_path: Path):
    articles = [again(invent(number % 3), f"a{number}") for number in range(9)]
    linker = Linker(UpdatesOptions(), tmp_path / "links")
    wire = Wire(linker)
    whole = [link_of(wire, article) for article in articles]
    linker.save(9)
    for place in (8, 3, 5):
        reader = Linker(UpdatesOptions(), tmp_path / "links", read_only=True)
        assert link_of(Wire(reader, place), articles[place]) == whole[place]
        reader.close()


def run(path: Path, articles, **options) -> list[Link | None]:
    linker = Linker(UpdatesOptions(index=str(path), **options))
    wire = Wire(linker)
    links = [link_of(wire, article) for article in articles]
    linker.publish(len(articles))
    linker.publish(len(articles))
    linker.close()
    return links


def test_linker_kept_index_links_over_runs(tmp_path: Path):
    kept = tmp_path / "stories.sqlite"
    assert run(kept, [invent(1), invent(2)]) == [None, None]
    [link, none] = run(kept, [again(invent(2), "b"), invent(3)])
    assert (link and link.id, none) == ("w2", None)
    assert [link and link.id for link in run(kept, [again(invent(3), "c"), again(invent(1), "d")])] == ["w3", "w1"]


def test_linker_kept_index_looks_back_over_runs_and_forgets_the_rest(tmp_path: Path):
    kept = tmp_path / "stories.sqlite"
    for number in range(6):
        run(kept, [invent(number)], look_back=3)
    links = run(kept, [again(invent(2), "x"), again(invent(5), "y")], look_back=3)
    assert [link and link.id for link in links] == [None, "w5"]
    import sqlite3

    base = sqlite3.connect(kept)
    assert base.execute("SELECT count(*) FROM stories").fetchone()[0] == 3
    base.close()


def test_linker_run_sees_the_kept_index_as_it_was_when_it_began(tmp_path: Path):
    kept = tmp_path / "stories.sqlite"
    options = UpdatesOptions(index=str(kept))
    first = Linker(options, tmp_path / "links")
    wire = Wire(first)
    wire.send(invent(1))
    first.save(1)
    first.close()
    run(kept, [invent(2)])
    resumed = Linker(options, tmp_path / "links", done=1)
    wire = Wire(resumed, 1)
    assert link_of(wire, again(invent(2), "x")) is None
    assert link_of(wire, again(invent(1), "y")) is not None
    resumed.publish(3)
    resumed.close()
    assert [link and link.id for link in run(kept, [again(invent(1), "z")])] == ["w1"]


def test_linker_items_of_one_sentence_are_linked_where_no_sentence_has_to_be_the_same():
    toll = "The toll of the flood in the valley of Arven on the river Kell in the north of Norvia rises to {}."
    for share, is_linked in [(0.4, False), (0, True)]:
        wire = Wire(shared_sentences=share)
        wire.send(again(STORY, "mon", text=toll.format(12)))
        assert (link_of(wire, again(STORY, "tue", text=toll.format(17))) is not None) == is_linked


def test_linker_report_on_the_same_form_is_no_link():
    wire = Wire()
    form = (
        "The index of Arven rose to {}. Of the shares {} fell. The crown stood at {} to the dollar. Trade was {} units."
    )
    wire.send(again(STORY, "mon", text=form.format(1, 2, 3, 4)))
    assert link_of(wire, again(STORY, "tue", text=form.format(5, 6, 7, 8))) is None


def report(day: str, index: int, firm: str, volume: int) -> str:
    return (
        f"Shares in Arven closed higher on {day}. The index of the exchange ended at {index} points, after it had "
        f"stood at {index - 7} points at noon. Volume was {volume} million shares. Among the blue chips {firm} was the "
        "most traded. Prices are those of the last trade before the close. The exchange opens at nine. "
        "Nothing of this report may be sold on."
    )


def test_linker_next_issue_of_a_report_on_one_form_is_another_story():
    texts = report("Monday", 4120, "Ostra", 85), report("Tuesday", 4166, "Veska", 91)
    for options, is_linked in ({}, False), ({"same_form": 1.0}, True):
        wire = Wire(**options)
        links = [link_of(wire, again(STORY, f"r{day}", text=text)) for day, text in enumerate(texts)]
        assert (links[1] is not None) == is_linked
        assert links[0] is None


def test_linker_report_that_is_corrected_or_goes_on_is_an_update():
    first = report("Monday", 4120, "Ostra", 85)
    corrected = first.replace("85", "58")
    longer = f"{first} Veska will leave the exchange in June, its board said in Sundby, since the owners want it back."
    for text in (corrected, longer):
        wire = Wire()
        wire.send(again(STORY, "first", text=first))
        link = link_of(wire, again(STORY, "next", text=text))
        assert (link and link.kind, link and link.id) == ("updates", "first")


def test_linker_figures_alone_are_no_other_report_where_the_names_are_the_same():
    first, second = report("Monday", 4120, "Ostra", 85), report("Monday", 4166, "Ostra", 91)
    for options, is_linked in ({"form_similarity": 0.5}, True), ({"form_similarity": 0.95}, False):
        wire = Wire(**options)
        wire.send(again(STORY, "first", text=first))
        assert (link_of(wire, again(STORY, "next", text=second)) is not None) == is_linked


def test_linker_item_that_comes_in_again_as_it_was_gets_the_link_that_it_got():
    wire = Wire()
    update = again(STORY, "w2", text=f"{STORY.text} The envoy spoke to the crowd.")
    versions = [again(STORY, "item", text=f"Story {n}. {invent(9).text}", fields={"version": n}) for n in (1, 2)]
    first = [link_of(wire, article) for article in (STORY, update, *versions)]
    assert [link and link.id for link in first] == [None, "w1", None, "item"]
    assert link_of(wire, update) == first[1]
    assert link_of(wire, versions[1]) == first[3]


@pytest.mark.parametrize(("day", "is_linked"), [("2026-03-02", True), ("2026-03-03", False)])
def test_linker_figures_alone_are_another_report_on_another_day(day: str, is_linked: bool):
    first, second = report("Monday", 4120, "Ostra", 85), report("Monday", 4166, "Ostra", 85)
    wire = Wire(form_similarity=0.5)
    wire.send(again(STORY, "first", text=first, date="2026-03-02"))
    assert (link_of(wire, again(STORY, "next", text=second, date=day)) is not None) == is_linked
