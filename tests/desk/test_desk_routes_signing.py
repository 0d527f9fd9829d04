import json
import threading

import pytest
from desk_cases import TEXT, TITLE

ANSWERS = {"armed-forces": "rejected"}


def signing(shown: str, **changes) -> dict:
    return {"key": shown, "ticket": "ticket-1", "editor": "Maren", "tags": ANSWERS, "brief": None} | changes


def test_desk_signs_and_exports(call_desk):
    desk = call_desk()
    [shown] = desk.paste(TEXT, TITLE)["records"]
    brief = [{"text": "Estonia and Portugal signed.", "of": 0}]
    answer = desk.post("/desk/api/signoffs", json=signing(shown["key"], brief=brief)).json()
    assert [(signed["editor"], signed["id"]) for signed in answer["signoffs"]] == [("Maren", answer["signed"])]
    [last] = desk.get("/desk/api/signoffs").json()
    assert (last["key"], last["title"], last["editor"]) == (shown["key"], TITLE, "Maren")
    training = desk.get("/desk/api/export/training.jsonl")
    assert training.headers["content-disposition"] == 'attachment; filename="training.jsonl"'
    assert json.loads(training.text)["summary"] == "Estonia and Portugal signed."
    assert json.loads(desk.get("/desk/api/export/audit.jsonl").text)["editor"] == "Maren"
    assert desk.get("/desk/api/about").json()["recent"] == []


def test_desk_keeps_two_editors_at_the_same_moment(call_desk):
    desk = call_desk()
    [shown] = desk.paste(TEXT, TITLE)["records"]
    start, status = threading.Barrier(2), []

    def sign(name: str) -> None:
        start.wait()
        body = signing(shown["key"], ticket=f"ticket-{name}", editor=name)
        status.append(desk.post("/desk/api/signoffs", json=body).status_code)

    threads = [threading.Thread(target=sign, args=(name,)) for name in ("Maren", "Olli")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert status == [200, 200]
    audit = [json.loads(line) for line in desk.get("/desk/api/export/audit.jsonl").text.splitlines()]
    assert {row["editor"] for row in audit} == {"Maren", "Olli"}
    [training] = [json.loads(line) for line in desk.get("/desk/api/export/training.jsonl").text.splitlines()]
    assert training["signed_by"] == audit[-1]["editor"]
    assert [row["latest"] for row in audit] == [False, True]


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"key": "0" * 64}, 404, "never opened here"),
        ({"editor": "  "}, 422, "editor"),
        ({"editor": "x" * 81}, 422, "editor"),
        ({"tags": {}}, 422, "asks for a yes or no"),
        ({"tags": {"armed-forces": "maybe"}}, 422, "tags"),
        ({"brief": [{"text": "x", "of": 9}]}, 422, "sentence 9"),
        ({"brief": [{"text": "x", "of": -1}]}, 422, "of"),
        ({"ticket": "short"}, 422, "ticket"),
        ({"extra": 1}, 422, "extra"),
        ({"note": "x" * 2001}, 422, "note"),
    ],
)
def test_desk_refuses_a_sign_off_that_does_not_fit(call_desk, changes, status, told):
    desk = call_desk()
    [shown] = desk.paste(TEXT, TITLE)["records"]
    answer = desk.post("/desk/api/signoffs", json=signing(shown["key"], **changes))
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]
    assert desk.get("/desk/api/export/audit.jsonl").text == ""
