"""A centre to book at, put into an empty database: the demo offices and holidays of the pack, and citizens."""

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.bookings.tables import OfficeService
from bot.clock import bangkok_moment
from bot.messages.tables import Conversation
from bot.people.tables import Agency, Holiday, Office, OfficeHours
from bot.storage.engine import transaction
from knowledge.files import load_holidays, load_offices, starter_pack

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)  # Sunday, 10:00 in Bangkok
MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)

VISIT_MINUTES = 20  # not the pack's, which changes: the tests count on these
OFFERED = {"driving_licence_renew": (4, 60), "id_card_lost": (3, 30), "land_survey": (1, 60)}  # capacity, days ahead


def open_centre(engine: sa.Engine) -> None:
    """Agencies, offices with hours and services, holidays."""
    pack = starter_pack()
    visits = {intent.id: intent.service for intent in pack.intents if intent.service}
    with transaction(engine) as session:
        session.add_all(Agency(id=a.id, name=a.name, short=a.short, hotline=a.hotline) for a in pack.agencies)
        session.add_all(Holiday(on_date=day.on_date, name=day.name) for day in load_holidays())
        session.flush()
        for office in load_offices():
            names = ("id", "name", "short", "address", "phone", "travel", "latitude", "longitude", "front_desk")
            row = Office(agency_id=office.agency, **{name: getattr(office, name) for name in names})
            row.hours = [
                OfficeHours(weekday=i.weekday, opens_at=i.opens_at, closes_at=i.closes_at) for i in office.hours
            ]
            session.add(row)
            session.flush()
            for offered in office.services:
                visit = visits[offered.intent]
                capacity, days_ahead = OFFERED.get(offered.intent, (2, 45))
                session.add(
                    OfficeService(
                        office_id=office.id,
                        intent_id=offered.intent,
                        capacity=capacity,
                        visit_minutes=VISIT_MINUTES,
                        days_ahead=days_ahead,
                        identity_level=visit.identity_level,
                        promised_minutes=visit.promised_minutes,
                    )
                )


def citizens(engine: sa.Engine, count: int) -> list[int]:
    """Conversations of new citizens."""
    with transaction(engine) as session:
        rows = [
            Conversation(
                kind="user", line_hash=f"citizen-{n}", line_id=f"U{n}", memory={}, created_at=NOW, last_seen_at=NOW
            )
            for n in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def service_of(session: Session, intent_id: str) -> OfficeService:
    """The first office's service."""
    found = sa.select(OfficeService).where(OfficeService.intent_id == intent_id).order_by(OfficeService.id)
    return session.scalars(found).first() or _missing(intent_id)


def _missing(intent_id: str) -> OfficeService:
    raise LookupError(intent_id)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A Bangkok hour."""
    return bangkok_moment(day, time(hour, minute))
