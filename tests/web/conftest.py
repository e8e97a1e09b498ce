"""A service centre with two offices and its staff, and browsers without a screen that sign in and press buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bot import clock
from bot.cases import acts
from bot.cases.tables import Case
from bot.catalogue.tables import CatalogueEntry, CatalogueVersion
from bot.messages.tables import Conversation, Media, Message
from bot.people.accounts import Role, create_staff
from bot.people.tables import Agency, Office, Staff
from bot.settings import Settings
from bot.storage.engine import reading, transaction
from bot.web.app import create_app
from bot.web.sign_in import limiter

PASSWORD = "ข้าวมันไก่ป้าแดงอร่อย"
STAFF: tuple[tuple[str, str, Role, tuple[str, ...]], ...] = (
    ("somchai", "สมชาย ใจดี", "officer", ("dlt5",)),
    ("nida", "นางสาวนิดา แสงทอง", "officer", ("dlt5",)),
    ("mali", "มาลี รักงาน", "supervisor", ("dlt5",)),
    ("boon", "บุญมา ขยัน", "officer", ("district",)),
    ("arun", "อรุณ ตรวจดี", "auditor", ("dlt5", "district")),
)


@dataclass
class Clock:
    """The time on every page."""

    at: datetime

    def passes(self, **duration: float) -> None:
        self.at += timedelta(**duration)


@dataclass
class Browser:
    """A member of staff's browser, or a stranger's."""

    client: FlaskClient

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(address, **more)

    def sees(self, address: str) -> str:
        """The words on a page that opens."""
        response = self.get(address, follow_redirects=True)
        assert response.status_code == 200, response.status_code
        return text_of(response)

    def presses(self, address: str, *, on: str, follow: bool = True, **fields: str) -> TestResponse:
        """Send a form that stands on the page `on`, with what is hidden in it."""
        form = BeautifulSoup(self.get(on).text, "html.parser").find("form", action=address)
        hidden = {tag["name"]: tag.get("value", "") for tag in form.select("input[type=hidden]")} if form else {}
        return self.client.post(address, data={**hidden, **fields}, follow_redirects=follow)

    def token(self) -> str:
        """A form token of this browser's session."""
        page = BeautifulSoup(self.get("/account", follow_redirects=True).text, "html.parser")
        return str(page.select("input[name=csrf_token]")[0]["value"])

    def signs_in(self, login: str, password: str = PASSWORD, *, onward: str = "", follow: bool = False) -> TestResponse:
        address = f"/sign-in{onward}"
        token = BeautifulSoup(self.get(address).text, "html.parser").find("input", attrs={"name": "csrf_token"})
        fields = {"login": login, "password": password, "csrf_token": str(token["value"]) if token else ""}
        return self.client.post(address, data=fields, follow_redirects=follow)

    def changes(self, address: str) -> dict[str, Any]:
        response = self.get(address, headers={"Accept": "application/json"})
        assert response.status_code == 200
        assert isinstance(response.json, dict)
        return response.json


@dataclass
class Centre:
    """The centre's site and what happened there."""

    app: Flask
    engine: sa.Engine
    clock: Clock
    staff: Mapping[str, int]
    citizens: dict[str, int] = field(default_factory=dict)

    def stranger(self) -> Browser:
        return Browser(self.app.test_client())

    def browser(self, login: str) -> Browser:
        """The browser of somebody who has signed in."""
        browser = self.stranger()
        assert browser.signs_in(login).status_code == 303
        return browser

    def says(self, name: str, text: str | None = "", kind: str = "text", **more: Any) -> int:
        """A citizen's message in the record."""
        with transaction(self.engine) as session:
            message = Message(
                conversation_id=self._conversation(session, name).id,
                author="citizen",
                kind=kind,
                text=text,
                created_at=self.clock.at,
                state="received",
                **more,
            )
            session.add(message)
            session.flush()
            return message.id

    def sends(
        self, name: str, content: bytes, content_type: str, kind: str = "image", file_name: str | None = None
    ) -> int:
        """A citizen's picture or file, fetched and kept."""
        message_id = self.says(name, file_name or "", kind, payload={"file_name": file_name, "url": None})
        with transaction(self.engine) as session:
            session.add(
                Media(
                    message_id=message_id,
                    line_message_ref=f"line-{message_id}",
                    state="kept",
                    due_at=self.clock.at,
                    content=content,
                    content_type=content_type,
                    size_bytes=len(content),
                )
            )
        return message_id

    def bot_says(self, name: str, text: str, **more: Any) -> int:
        """An outgoing message in the record."""
        fields = {"author": "bot", "kind": "text", "state": "sent", "payload": {"type": "text", "text": text}, **more}
        with transaction(self.engine) as session:
            conversation = self._conversation(session, name)
            message = Message(conversation_id=conversation.id, text=text, created_at=self.clock.at, **fields)
            session.add(message)
            session.flush()
            return message.id

    def opens(
        self, name: str, reason: str = "asked", *, agency: str = "dlt", question: str = "ขอคุยกับคน", **more: Any
    ) -> int:
        """A case of a citizen; returns its id."""
        self.says(name, question)
        with transaction(self.engine) as session:
            case = acts.open_case(
                session,
                self._conversation(session, name),
                reason=reason,
                question=question,
                now=self.clock.at,
                agency_id=agency,
                **more,
            )
            return case.id

    def claimed(self, case_id: int, login: str) -> int:
        """The case, after a member of staff has taken it."""
        with transaction(self.engine) as session:
            assert acts.claim(session, case_id=case_id, staff_id=self.staff[login], now=self.clock.at)
        return case_id

    def case(self, case_id: int) -> Case:
        with reading(self.engine) as session:
            return session.get_one(Case, case_id)

    def outgoing(self, name: str) -> list[Message]:
        """What is to reach a citizen, oldest first."""
        with reading(self.engine) as session:
            ask = sa.select(Message).where(Message.conversation_id == self.citizens[name], Message.author != "citizen")
            return list(session.scalars(ask.order_by(Message.id)))

    def _conversation(self, session: Session, name: str) -> Conversation:
        if name in self.citizens:
            return session.get_one(Conversation, self.citizens[name])
        conversation = Conversation(
            kind="user",
            line_hash=name,
            line_id=f"U{name}",
            display_name=name,
            memory={},
            created_at=self.clock.at,
            last_seen_at=self.clock.at,
        )
        session.add(conversation)
        session.flush()
        self.citizens[name] = conversation.id
        return conversation


def text_of(response: TestResponse) -> str:
    """The words of a page, spaces made single."""
    return " ".join(BeautifulSoup(response.text, "html.parser").get_text(" ").split())


@pytest.fixture
def centre(engine: sa.Engine, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Two offices, four members of staff who work and one who audits, at a time that passes when told to."""
    time = Clock(now)
    monkeypatch.setattr(clock, "utc_now", lambda: time.at)
    app = create_app(settings, engine)
    limiter.reset()
    with transaction(engine) as session:
        session.add_all(
            [
                Agency(id="dlt", name="กรมการขนส่งทางบก", short="ขนส่ง", hotline="1584"),
                Agency(id="dopa", name="กรมการปกครอง", short="ปกครอง", hotline="1548"),
            ]
        )
        session.flush()
        offices = {"dlt5": _office("dlt5", "dlt", "ขนส่งพื้นที่ 5"), "district": _office("district", "dopa", "เขตจตุจักร")}
        session.add_all(offices.values())
        session.flush()
        staff = {
            login: create_staff(
                session,
                login=login,
                name=name,
                role=role,
                password=PASSWORD,
                offices=[offices[each] for each in theirs],
                now=now,
            ).id
            for login, name, role, theirs in STAFF
        }
        session.add(CatalogueVersion(version=1, published_at=now, staff_id=None, phrases_hash="none", note=""))
        session.flush()
        session.add(CatalogueEntry(kind="intent", key="licence", content={"name": "ต่อใบขับขี่"}, valid_from=1))
    return Centre(app, engine, time, staff)


def _office(office_id: str, agency_id: str, name: str) -> Office:
    return Office(
        id=office_id,
        agency_id=agency_id,
        name=name,
        short=name,
        address="ถนนพหลโยธิน",
        phone="02-111-2222",
        travel="",
        latitude=13.8,
        longitude=100.5,
    )


def staff_named(session: Session, login: str) -> Staff:
    return session.scalars(sa.select(Staff).where(Staff.login == login)).one()
