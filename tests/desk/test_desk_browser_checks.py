"""The page in headless Chromium: what the editor writes is checked, and nothing that was typed or set aside is lost."""

import threading
from dataclasses import replace

import pytest
from desk_cases import QUOTED, TEXT, fake_work, record_of
from desk_pages import EDITOR, answer, lit, opened, paste, shot

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRONG = "The programme costs 12 million euros over five years."


def correct(page, number: int, text: str) -> None:
    page.locator(".said").nth(number - 1).hover()
    page.get_by_role("button", name=f"Correct sentence {number}").click()
    page.get_by_role("textbox", name=f"Sentence {number}").fill(text)


def test_desk_page_asks_twice_for_what_the_source_does_not_have(browser, served):
    address, store = served()
    with opened(browser, address) as page:
        paste(page)
        correct(page, 4, WRONG)
        page.get_by_role("button", name="Keep").click()
        page.locator(".sentence.doubtful .reasons").get_by_text("12 million euros").wait_for()
        assert page.locator("#brief-check").text_content() == "1 not borne out"
        answer(page, "armed forces", "No")
        page.get_by_placeholder("Your name").fill(EDITOR)
        page.get_by_role("button", name="Sign off").click()
        assert "Sentence 4: number 12 million euros" in page.get_by_role("alert").text_content()
        assert list(store.all()) == []
        page.get_by_role("button", name="Sign off").click()
        page.locator("#history li").wait_for()
        page.get_by_role("button", name="Sign off").click()
        page.get_by_text("signed off exactly this already").wait_for()
        page.reload()
        page.locator(".said").first.wait_for()  # what was signed is what is shown
        assert page.locator(".said").nth(3).text_content() == WRONG
    [(signed, _, _)] = store.all()
    assert "12 million euros" in signed.brief_after[3]["check"]["unsupported"][0]


def test_desk_page_lights_the_evidence_that_the_check_found(browser, served):
    address, _ = served()
    with opened(browser, address) as page:
        paste(page)
        correct(page, 1, QUOTED[0])
        page.get_by_role("button", name="Keep").click()
        page.locator(".sentence.corrected").get_by_text("the source’s own words").wait_for()
        [evidence] = lit(page, "#source")
        assert evidence.endswith(QUOTED[0])


def test_desk_page_checks_the_whole_while_it_is_typed(browser, served):
    address, _ = served()
    with opened(browser, address) as page:
        paste(page)
        page.get_by_role("button", name="Edit whole").click()
        page.get_by_label("The whole brief").fill(f"{QUOTED[0]} {WRONG} Dr. J. Kask spoke.")
        page.locator("#whole-live").get_by_text("number 12 million euros").wait_for()
        page.locator("#whole-form").get_by_role("button", name="Keep").click()
        said = page.locator(".said").all_text_contents()
        assert said == [QUOTED[0], WRONG, "Dr. J. Kask spoke."]


def test_desk_page_loses_no_correction_that_is_being_typed(browser, served):
    address, _ = served()
    with opened(browser, address) as page:
        paste(page)
        correct(page, 1, "An accord was signed.")
        page.locator(".said").nth(1).hover()
        page.get_by_role("button", name="Remove sentence 3").click()
        assert page.get_by_role("textbox", name="Sentence 1").input_value() == "An accord was signed."
        page.get_by_role("link", name="Signed off").click()
        page.go_back()
        page.get_by_text("not signed yet, are back").wait_for()
        assert page.locator(".said").first.text_content() == "An accord was signed."


def test_desk_page_offers_the_brief_that_was_set_aside(browser, served):
    drafts = ["The accord was signed on Tuesday.", "It takes effect on 1 July."]
    why = ("it tells less of what matters (0.70 of what they tell)",)

    def work(items):
        [record] = map(record_of, items)
        kept = tuple(
            replace(sentence, origin="replaced", replaces=" ".join(drafts), unsupported=why)
            for sentence in record.brief.sentences[1:3]
        )
        return [replace(record, brief=replace(record.brief, sentences=kept, dropped=()))]

    address, _ = served(work=work)
    with opened(browser, address) as page:
        paste(page)
        assert page.get_by_text("it tells less of what matters").count() == 1
        shot(page, "set-aside")
        page.get_by_role("button", name="Use the model’s brief").click()
        assert page.locator(".said").all_text_contents() == drafts
        page.locator(".sentence.restored").nth(1).get_by_text("passed the check").wait_for()


def test_desk_page_shows_that_it_works_and_stops(browser, served):
    goes_on = threading.Event()

    def work(items):
        goes_on.wait(20)
        return fake_work(items)

    address, _ = served(work=work)
    with opened(browser, address) as page:
        page.locator("#text").fill(TEXT)
        page.get_by_role("button", name="Write the brief").click()
        page.get_by_text("Writing the brief of your story").wait_for()
        page.get_by_text("1 s", exact=True).wait_for()
        shot(page, "working")
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped. Nothing was kept.").wait_for()
        assert page.locator("#text").input_value() == TEXT
        page.get_by_role("button", name="Write the brief").click()
        page.get_by_role("link", name="Signed off").click()
        page.get_by_role("heading", name="Signed off").wait_for()
        goes_on.set()
        page.get_by_text("is ready").get_by_role("link", name="Open").click()
        page.locator(".said").first.wait_for()


def test_desk_page_keeps_the_pasted_story_where_the_desk_is_gone(browser, served):
    address, _ = served()
    with opened(browser, address, expected="ERR_FAILED") as page:
        page.locator("#text").fill(TEXT)
        page.route("**/desk/api/articles", lambda route: route.abort())
        page.get_by_role("button", name="Write the brief").click()
        page.get_by_text("The desk does not answer").wait_for()
        page.route("**/desk/api/about", lambda route: route.abort())
        page.reload()
        page.get_by_text("The desk does not answer").wait_for()
        page.unroute_all()
        page.get_by_role("button", name="Try again").click()
        page.locator("#text").wait_for()
        assert page.locator("#text").input_value() == TEXT
