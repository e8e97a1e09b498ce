"""Every page is for somebody: declared, closed to strangers, and to those of another office."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from bot.web.access import PUBLIC, allowed_to
from tests.web.conftest import Centre, text_of


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address with ids filled in, of every route."""
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<int:[^>]+>", "1", rule.rule)
        address = re.sub(r"<[^>]+>", "x", address)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


def test_every_route_says_who_may_use_it(centre: Centre) -> None:
    silent = {endpoint for endpoint, _, _ in addresses(centre.app) if allowed_to(centre.app, endpoint) is None}
    assert not silent


def test_a_view_that_says_nothing_is_refused(centre: Centre) -> None:
    centre.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert centre.browser("mali").get("/forgotten").status_code == 403


def test_a_stranger_reaches_nothing_that_is_not_public(centre: Centre) -> None:
    stranger = centre.stranger()
    closed = [
        (method, address)
        for endpoint, method, address in addresses(centre.app)
        if PUBLIC not in (allowed_to(centre.app, endpoint) or ())
    ]
    assert len(closed) > 10
    for method, address in closed:
        response = stranger.client.open(address, method=method)
        assert (response.status_code, response.location.split("?")[0]) == (303, "/sign-in"), (method, address)
        asked_by_script = stranger.client.open(address, method=method, headers={"Accept": "application/json"})
        assert asked_by_script.status_code == 401, (method, address)


def test_public_routes_are_these(centre: Centre) -> None:
    public = {
        endpoint for endpoint, _, _ in addresses(centre.app) if PUBLIC in (allowed_to(centre.app, endpoint) or ())
    }
    assert public == {
        "static",
        "bootstrap.static",
        "pages.home",
        "pages.privacy",
        "pages.health",
        "account.sign_in",
        "account.enter",
        "webhook.callback",
    }


def test_every_form_needs_its_token(centre: Centre) -> None:
    case_id = centre.opens("นก")
    officer = centre.browser("somchai")
    response = officer.client.post(f"/desk/cases/{case_id}/claim")
    assert response.status_code == 400
    assert "เปิดไว้นานเกินไป" in response.text
    assert centre.case(case_id).state == "waiting"


def test_an_auditor_reads_and_cannot_act(centre: Centre) -> None:
    case_id = centre.opens("นก", question="ใบขับขี่หมดอายุ")
    auditor = centre.browser("arun")
    assert "ใบขับขี่หมดอายุ" in auditor.sees(f"/desk/cases/{case_id}")
    for act in ("claim", "answer", "return", "resolve"):
        fields = {"csrf_token": auditor.token(), "text": "ตอบ", "outcome": "done"}
        assert auditor.client.post(f"/desk/cases/{case_id}/{act}", data=fields).status_code == 403


@pytest.mark.parametrize("login", ["boon", "nobody"])
def test_a_case_of_another_office_does_not_exist(centre: Centre, login: str) -> None:
    case_id = centre.opens("นก", question="เรื่องของขนส่ง")
    picture = centre.sends("นก", b"\x89PNG", "image/png")
    browser = centre.browser("boon")
    number = case_id if login == "boon" else 999_999  # the same answer as for a case that was never there
    for address in (f"/desk/cases/{number}", f"/desk/cases/{number}/media/{picture}", f"/desk/changes?case={number}"):
        assert browser.get(address).status_code == 404, address
    for act in ("claim", "answer", "return", "resolve"):
        fields = {"csrf_token": browser.token(), "text": "ตอบ", "outcome": "done"}
        assert browser.client.post(f"/desk/cases/{number}/{act}", data=fields).status_code == 404, act
    assert "เรื่องของขนส่ง" not in browser.sees("/desk/")
    assert browser.changes("/desk/changes")["counts"] == {"waiting": 0, "mine": 0, "team": 0}
    assert centre.case(case_id).state == "waiting"


def test_a_complaint_about_staff_is_for_supervisors_only(centre: Centre) -> None:
    case_id = centre.opens("นก", "complaint", question="เจ้าหน้าที่ช่อง 3 พูดไม่ดี")
    officer = centre.browser("somchai")
    assert officer.get(f"/desk/cases/{case_id}").status_code == 404
    assert "ช่อง 3" not in officer.sees("/desk/")
    assert "ช่อง 3" in centre.browser("mali").sees(f"/desk/cases/{case_id}")
    assert centre.browser("arun").get(f"/desk/cases/{case_id}").status_code == 404


def test_pages_carry_the_headers_and_no_inline_code(centre: Centre) -> None:
    case_id = centre.claimed(centre.opens("นก"), "somchai")
    officer = centre.browser("somchai")
    for address in ("/desk/", f"/desk/cases/{case_id}", "/account", "/privacy", "/nowhere"):
        response = officer.get(address)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", response.text), address


def test_the_cookie_is_kept_from_scripts_and_other_sites(centre: Centre) -> None:
    browser = centre.stranger()
    cookie = browser.signs_in("somchai").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_errors_say_what_to_do(centre: Centre) -> None:
    officer = centre.browser("somchai")
    missing = officer.get("/desk/cases/12345")
    assert missing.status_code == 404
    assert "กลับไปที่คิวงาน" in text_of(missing)
    large = officer.client.post("/account/password", data={"csrf_token": officer.token(), "new": "ก" * 800_000})
    assert large.status_code == 413
    assert "2 MB" in text_of(large)


def test_health_tells_whether_the_database_answers(centre: Centre) -> None:
    assert centre.stranger().get("/health").json == {"status": "ok"}
