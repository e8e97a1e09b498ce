"""What a new database starts with: the starter pack, holidays, and for trying out a demo centre."""

import secrets
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.bookings.tables import OfficeService
from bot.catalogue.indexes import Tell, ensure_built
from bot.catalogue.store import current_version, entries_of, publish, read_catalogue
from bot.people.accounts import Role, create_staff
from bot.people.tables import Agency, Holiday, Office, OfficeHours, Staff
from bot.storage.engine import reading, transaction
from knowledge.files import load_holidays, load_offices, starter_pack

DEMO_STAFF: tuple[tuple[str, str, Role], ...] = (
    ("officer", "สมชาย ใจดี", "officer"),
    ("supervisor", "มาลี รักงาน", "supervisor"),
    ("admin", "วิชัย ดูแล", "admin"),
)


def load_starter(engine: sa.Engine, now: datetime, tell: Tell) -> bool:
    """Publish the starter pack as version 1 if nothing is published; make sure that the current index is built."""
    with reading(engine) as session:
        version = current_version(session)
        pack = read_catalogue(session, version) if version else starter_pack()
    ensure_built(engine, pack, now, tell)
    if version:
        return False
    with transaction(engine) as session:
        if current_version(session):
            return False
        session.add_all(Agency(id=a.id, name=a.name, short=a.short, hotline=a.hotline) for a in pack.agencies)
        session.add_all(Holiday(on_date=day.on_date, name=day.name) for day in load_holidays())
        publish(session, entries_of(pack), staff_id=None, note="starter pack", now=now)
    return True


def load_demo(engine: sa.Engine, now: datetime) -> dict[str, str]:
    """The demo centre, once; returns login → generated password of each person just made (nothing on a second call)."""
    with transaction(engine) as session:
        if session.scalar(sa.select(sa.func.count()).select_from(Staff)):
            return {}
        visits = {intent.id: intent.service for intent in starter_pack().intents if intent.service}
        for office in load_offices():
            row = Office(
                id=office.id,
                agency_id=office.agency,
                name=office.name,
                short=office.short,
                address=office.address,
                phone=office.phone,
                travel=office.travel,
                latitude=office.latitude,
                longitude=office.longitude,
                front_desk=office.front_desk,
            )
            row.hours = [
                OfficeHours(weekday=i.weekday, opens_at=i.opens_at, closes_at=i.closes_at) for i in office.hours
            ]
            session.add(row)
            session.flush()
            for offered in office.services:
                service = visits[offered.intent]
                session.add(
                    OfficeService(
                        office_id=office.id,
                        intent_id=offered.intent,
                        capacity=offered.capacity,
                        visit_minutes=service.visit_minutes,
                        days_ahead=offered.days_ahead,
                        identity_level=service.identity_level,
                        promised_minutes=service.promised_minutes,
                    )
                )
        return dict(_staff(session, now))


def _staff(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    offices = session.scalars(sa.select(Office)).all()
    for login, name, role in DEMO_STAFF:
        password = secrets.token_urlsafe(12)
        create_staff(session, login=login, name=name, role=role, password=password, offices=offices, now=now)
        yield login, password
