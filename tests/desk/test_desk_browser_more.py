"""The page in headless Chromium: files, runs, a second editor, faults on the way, and what axe-core finds."""

import json
from dataclasses import replace

import pytest
from desk_cases import TEXT, accord, record_of
from desk_pages import EDITOR, PHONE, answer, opened, paste, shot

from summarizer.desk.export import export_lines
from summarizer.desk.shelf import Shelf

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_desk_page_takes_a_dropped_file_and_tells_what_failed(browser, served, tmp_path):
    lines = [{"id": "a", "title": "First", "text": TEXT}, {"id": "b", "text": "Word"}, {"id": "c", "text": TEXT}]
    path = tmp_path / "wire.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    address, _ = served()
    with opened(browser, address) as page:
        page.locator("#file").wait_for(state="attached")
        dropped = page.evaluate_handle(
            """text => { const data = new DataTransfer();
            data.items.add(new File([text], "wire.jsonl")); return data; }""",
            path.read_text(),
        )
        page.dispatch_event("body", "drop", {"dataTransfer": dropped})
        page.get_by_role("link", name="First").wait_for()
        assert "wire.jsonl:2" in page.get_by_role("alert").text_content()
        page.locator("#file").set_input_files(tmp_path / "wire.jsonl")
        page.get_by_text("wire.jsonl:2").wait_for()


def test_desk_page_goes_through_a_run(browser, served, tmp_path):
    stories = [replace(accord(), id=f"story-{i}", title=f"Story {i}") for i in range(30)]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(record_of(story).to_dict()) + "\n" for story in stories))
    shelf = Shelf(path, {story.id: story for story in stories}.get)
    address, store = served(shelf=shelf, work=None)
    with opened(browser, address) as page:
        page.get_by_role("link", name="Story 24").wait_for()
        page.get_by_role("button", name="Later").click()
        page.get_by_role("link", name="Story 25").click()
        page.get_by_role("heading", name="Story 25").wait_for()
        page.keyboard.press("]")
        page.get_by_role("heading", name="Story 26").wait_for()
        answer(page, "armed forces", "No")
        page.get_by_placeholder("Your name").fill(EDITOR)
        page.get_by_role("button", name="Sign off").click()
        page.locator("#history li").wait_for()
        page.keyboard.press("h")
        page.get_by_text("1 of 30 signed off").wait_for()
        page.get_by_role("radio", name="Not signed").check()
        page.get_by_text("of 29").wait_for()
        page.get_by_placeholder("Find a headline").fill("Story 26")
        page.get_by_text("No record fits").wait_for()
    shelf.close()
    assert len(list(store.all())) == 1


def test_desk_page_tells_of_a_second_editor(browser, served):
    address, store = served()
    with opened(browser, address) as page:
        paste(page)
        answer(page, "armed forces", "No")
        [(key, entry)] = store.recent(1)
        from test_desk_store import sign

        sign(store, entry, editor="Olli", ticket="ticket-other")
        page.get_by_placeholder("Your name").fill(EDITOR)
        page.get_by_role("button", name="Sign off").click()
        page.get_by_text("Olli signed meanwhile").wait_for()
    assert [(signed.editor, latest) for signed, _, latest in store.all()] == [("Olli", False), (EDITOR, True)]
    assert len([line for line in export_lines(store, "training")]) == 1
    assert entry.key == key


def test_desk_page_asks_for_a_token(browser, served):
    from fastapi import Depends, HTTPException, Request

    def need_token(request: Request) -> None:
        if request.headers.get("authorization") != "Bearer right":
            raise HTTPException(401)

    address, _ = served(dependencies=[Depends(need_token)])
    with opened(browser, address, expected="401") as page:
        for token in ("wrong", "right"):
            page.get_by_label("Token", exact=True).fill(token)
            page.get_by_role("button", name="Go on").click()
        paste(page)
        assert page.locator(".sentence").count() == 4


def test_desk_page_signs_once_where_the_first_answer_is_lost(browser, served):
    address, store = served()
    with opened(browser, address, expected="502") as page:
        paste(page)
        answer(page, "armed forces", "No")
        page.get_by_placeholder("Your name").fill(EDITOR)
        lost = []

        def lose(route) -> None:  # the first answer is lost on its way, after the server kept the sign-off
            response = route.fetch()
            lost.append(response.status)
            if len(lost) == 1:
                route.fulfill(status=502, body="")
            else:
                route.fulfill(response=response)

        page.route("**/desk/api/signoffs", lose)
        page.get_by_role("button", name="Sign off").click()
        page.get_by_text("The desk refused (502)").wait_for()
        page.get_by_role("button", name="Sign off").click()
        page.locator("#history li").wait_for()
    assert lost == [200, 200]
    assert len(list(store.all())) == 1


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {}),
        ("dark", {"color_scheme": "dark"}),
        ("phone", {"viewport": PHONE, "has_touch": True, "is_mobile": True}),
    ],
)
def test_desk_page_fits_and_axe_finds_no_fault(browser, served, tmp_path, name, options):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record_of(accord()).to_dict()) + "\n")
    shelf = Shelf(path, lambda _: accord())
    address, store = served(shelf=shelf)
    store.keep(shelf.entry(0))
    faults = {}
    with opened(browser, address, bypass_csp=True, **options) as page:
        for view, ready in (("", "#rows a"), ("#/run/0", ".said"), ("#/signed", "#export-audit")):
            page.goto(f"{address}{view}")
            page.locator(ready).first.wait_for()
            if view == "#/run/0":
                resting = axe.Axe().run(page).response["violations"]  # with nothing lit
                assert [fault["id"] for fault in resting] == []
                page.locator(".said").nth(2).focus()
                page.get_by_text("1 topic rejected").click()
                page.get_by_role("button", name="Correct sentence 4").click()
                page.get_by_role("textbox", name="Sentence 4").fill("The programme costs 12 million euros.")
                page.locator(".edit").get_by_text("12 million euros").wait_for()
            shot(page, f"{name}{view.replace('#/', '-').replace('/', '-')}")
            found = axe.Axe().run(page).response["violations"]
            faults[view] = [(fault["id"], fault["impact"], fault["nodes"][0]["html"]) for fault in found]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shelf.close()
    assert faults == {"": [], "#/run/0": [], "#/signed": []}
