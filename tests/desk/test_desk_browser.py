"""The page in headless Chromium: done with keys and pointer as by a person, and what is kept read from the store."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from desk_cases import QUOTED, TEXT, TITLE, record_of
from desk_pages import EDITOR, answer, exported, lit, opened, paste, shot

from summarizer.train.topics_data import read_articles
from summarizer.train.topics_options import TopicTraining

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_desk_page_walk(browser, served, tmp_path):
    with (Path(__file__).parents[2] / "examples" / "wire.jsonl").open(encoding="utf-8") as examples:
        text = json.loads(examples.readline())["text"]
    address, store = served()
    with opened(browser, address) as page:
        paste(page, text)
        page.locator(".said").nth(2).hover()
        assert lit(page, "#source") == [QUOTED[1]]
        page.locator("#source .mark").filter(has_text=QUOTED[0]).hover()
        assert page.locator(".sentence.lit .said").all_text_contents() == [QUOTED[0]]
        shot(page, "walk-hover")

        page.locator(".said").nth(3).hover()
        page.get_by_role("button", name="Correct sentence 4").click()
        sentence = page.get_by_role("textbox", name="Sentence 4")
        sentence.fill("The programme costs 12 million euros over five years.")
        page.locator(".edit").get_by_text("12 million euros").wait_for()  # after a pause, while it is being typed
        shot(page, "walk-not-borne-out")
        sentence.fill("The programme costs 9.4 million euros over five years.")
        page.locator(".edit").get_by_text("passed the check").wait_for()
        page.get_by_role("button", name="Keep").click()
        assert page.locator(".sentence.corrected del").text_content() == "The programme costs 9.4 million euros a year."

        answer(page, "diplomacy", "No")
        page.get_by_placeholder("Your name").fill(EDITOR)
        page.get_by_role("button", name="Sign off").click()
        assert "armed forces" in page.get_by_role("alert").text_content()
        assert list(store.all()) == []
        answer(page, "armed forces", "Yes")
        assert "1 sentence corrected, 1 topic accepted, 1 topic rejected" in page.locator("#changes").text_content()
        shot(page, "walk-corrected")
        page.get_by_role("button", name="Sign off").click()
        page.locator("#history li").wait_for()
        assert EDITOR in page.locator("#history").text_content()

        page.get_by_role("link", name="Signed off").click()
        page.locator("#last a").filter(has_text=EDITOR).wait_for()
        training = exported(page, "Export training data", tmp_path)
        [audit] = map(json.loads, exported(page, "Export audit record", tmp_path).read_text().splitlines())
    [article] = read_articles(str(training), TopicTraining(data=str(training), out="unused"), pytest.fail)
    assert article.topics == ("defence-cooperation", "armed-forces")
    assert article.text == f"{TITLE}. {text}"
    assert audit["editor"] == EDITOR
    [change] = audit["brief"]["changes"]
    assert (change["before"], change["check"]["unsupported"]) == ("The programme costs 9.4 million euros a year.", [])
    assert {tag["topic"]: tag["after"] for tag in audit["tags"]}["diplomacy"] == "rejected"


def test_desk_page_by_keyboard_alone(browser, served):
    address, store = served()
    with opened(browser, address) as page:
        press = page.keyboard.press
        page.locator("#text").wait_for()
        press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        press("Enter")
        press("p")
        page.keyboard.insert_text(TEXT)
        press("Tab")
        press("Enter")
        page.locator(".said").first.wait_for()
        press("?")
        assert page.get_by_role("dialog").get_by_text("Next sentence of the brief").is_visible()
        press("Escape")
        press("j")
        press("j")
        assert lit(page, "#source") == [QUOTED[0]]
        press("Enter")
        assert QUOTED[0] in page.evaluate("document.activeElement.textContent")
        press("Enter")
        assert page.evaluate("document.activeElement.textContent") == QUOTED[0]
        press("e")
        press("Control+a")
        page.keyboard.insert_text("It takes effect in July.")
        press("Control+Enter")
        press("k")
        press("x")
        press("t")
        press("n")
        press("a")
        page.keyboard.insert_text("Space")
        press("Enter")
        press("Escape")
        press("s")
        page.keyboard.insert_text(EDITOR)
        press("Enter")
        page.locator("#history li").wait_for()
    [(signed, _, _)] = store.all()
    assert [sentence["of"] for sentence in signed.brief_after] == [1, 2, 3]
    assert signed.brief_after[0]["text"] == "It takes effect in July."
    assert {tag.topic: tag.after for tag in signed.tags} == {
        "defence-cooperation": "accepted",
        "diplomacy": "accepted",
        "armed-forces": "rejected",
        "sport": "rejected",
        "space": "accepted",
    }


def test_desk_page_says_in_words_where_a_sentence_comes_from(browser, served):
    address, _ = served()
    with opened(browser, address) as page:
        paste(page)
        told = page.locator(".why").all_text_contents()
        assert told[0].startswith("Rewritten by the model, passed the check · support 94 %")
        assert told[0].endswith("Not in its passage: have")
        assert page.locator(".said").first.locator(".own").all_text_contents() == ["have"]
        assert told[1] == "The source’s own words"
        assert told[2].startswith("The source’s own words, in place of the model’s sentence")
        assert "900 marines" in told[2]
        assert "number '900' is not in the article" in told[2]
        assert told[3].startswith("The source does not bear this outNot in its passage: costs, year'a year' is not")
        assert "name 'Spain' is not in the article" in page.locator("#taken-out").text_content()


def test_desk_page_edits_the_whole_and_keeps_the_evidence(browser, served):
    address, _ = served()
    with opened(browser, address) as page:
        paste(page)
        page.get_by_role("button", name="Edit whole").click()
        page.get_by_label("The whole brief").fill(f"An accord was signed. {QUOTED[0]} More is to follow.")
        page.locator("#whole-form").get_by_role("button", name="Keep").click()
        states = [item.get_attribute("class") for item in page.locator(".sentence").all()]
        assert states == ["sentence corrected", "sentence verbatim", "sentence added"]
        page.locator(".said").nth(1).hover()
        assert lit(page, "#source") == [QUOTED[0]]
        page.locator("#taken-out").get_by_role("button", name="Put back").first.click()
        assert page.locator(".sentence").count() == 4


def test_desk_page_keeps_corrections_through_a_reload(browser, served):
    address, store = served()
    with opened(browser, address) as page:
        paste(page)
        page.locator(".said").first.hover()
        page.get_by_role("button", name="Remove sentence 1").click()
        page.reload()
        page.get_by_text("not signed yet, are back").wait_for()
        assert page.locator(".sentence").count() == 3
        page.get_by_role("button", name="Discard them").click()
        assert page.locator(".sentence").count() == 4
    assert list(store.all()) == []


def test_desk_page_shows_markup_as_text(browser, served):
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script> " + TEXT

    def work(items):
        return [record_of(replace(item, title="<b>bold</b>", text=nasty, warnings=("<i>note</i>",))) for item in items]

    address, _ = served(work=work)
    with opened(browser, address) as page:
        page.locator("#text").fill("anything")
        page.get_by_role("button", name="Write the brief").click()
        page.get_by_role("heading", name="<b>bold</b>").wait_for()
        assert page.locator("#source").text_content().startswith("<img src=x onerror=alert(1)><script>")
        assert page.locator("#source img, #source script, h1 b, #notices i").count() == 0
