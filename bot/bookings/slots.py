"""Which times of a service can be booked: cut from the office's open hours, with the places that are left in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.bookings.tables import Booking, OfficeService, Slot
from bot.clock import BANGKOK, bangkok_day, bangkok_moment
from bot.people.offices import closed_days, hours_of
from bot.people.tables import Holiday, Office
from knowledge.calendar import open_intervals


@dataclass(frozen=True)
class Opening:
    """A time a visit can begin. `left` is how many more citizens fit in; 0 when it is full."""

    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def day(self) -> date:
        return bangkok_day(self.starts_at)

    @property
    def hour(self) -> time:
        """Bangkok's."""
        return self.starts_at.astimezone(BANGKOK).time()


def last_day(office_service: OfficeService, now: datetime) -> date:
    """The last day that can be booked today."""
    return bangkok_day(now) + timedelta(days=office_service.days_ahead)


def days(session: Session, office_service: OfficeService, first: date, last: date, now: datetime) -> dict[date, int]:
    """How many places are left on each open day from `first` to `last`, in order; closed days are not in it."""
    found = openings(session, office_service, first, last, now)
    return {day: sum(opening.left for opening in those) for day, those in found.items()}


def times(session: Session, office_service: OfficeService, day: date, now: datetime) -> list[Opening]:
    """The starts of `day` that still have a place, in order."""
    those = openings(session, office_service, day, day, now).get(day, [])
    return [opening for opening in those if opening.left > 0]


def openings(
    session: Session, office_service: OfficeService, first: date, last: date, now: datetime
) -> dict[date, list[Opening]]:
    """Every start from `first` to `last`, full ones too, by day and in order.

    Starts follow each other every `visit_minutes` from each opening of the office; the visit ends before it closes for
    lunch or for the day. None is in the past, on a holiday or further ahead than the service allows.
    """
    first, last = max(first, bangkok_day(now)), min(last, last_day(office_service, now))
    if first > last:
        return {}
    known = _known_slots(session, office_service, first, last)
    found: dict[date, list[Opening]] = {}
    for starts_at, ends_at in _starts(session, office_service, first, last):
        if starts_at > now:
            left = known.get(starts_at, office_service.capacity)
            opening = Opening(starts_at, ends_at, max(0, left))
            found.setdefault(opening.day, []).append(opening)
    return found


def opening_at(session: Session, office_service: OfficeService, starts_at: datetime, now: datetime) -> Opening | None:
    """The opening that begins exactly at `starts_at`, full or not; None when there is none."""
    day = bangkok_day(starts_at)
    those = openings(session, office_service, day, day, now).get(day, [])
    return next((opening for opening in those if opening.starts_at == starts_at), None)


def holiday_name(session: Session, office_id: str, day: date) -> str | None:
    """Why the office is closed on `day`: the holiday's name, its own one before everybody's; None on other days."""
    mine = sa.or_(Holiday.office_id.is_(None), Holiday.office_id == office_id)
    names = sa.select(Holiday.name).where(Holiday.on_date == day, mine)
    return session.scalar(names.order_by(Holiday.office_id.is_(None), Holiday.id).limit(1))


def _starts(
    session: Session, office_service: OfficeService, first: date, last: date
) -> Iterator[tuple[datetime, datetime]]:
    office = session.get_one(Office, office_service.office_id)
    hours, closed = hours_of(office), closed_days(session, office)
    step = timedelta(minutes=max(1, office_service.visit_minutes))
    for number in range((last - first).days + 1):
        for opens_at, closes_at in open_intervals(hours, closed, first + timedelta(days=number)):
            starts_at = opens_at
            while starts_at + step <= closes_at:
                yield starts_at, starts_at + step
                starts_at += step


def _known_slots(session: Session, office_service: OfficeService, first: date, last: date) -> dict[datetime, int]:
    """The places left in slots that have a row, by their start: their capacity was copied when they were made."""
    taken = sa.func.count(Booking.id)
    rows = session.execute(
        sa.select(Slot.starts_at, Slot.capacity, taken)
        .join(Booking, sa.and_(Booking.slot_id == Slot.id, Booking.state == "booked"), isouter=True)
        .where(Slot.office_service_id == office_service.id)
        .where(Slot.starts_at >= bangkok_moment(first, time.min))
        .where(Slot.starts_at < bangkok_moment(last + timedelta(days=1), time.min))
        .group_by(Slot.id, Slot.starts_at, Slot.capacity)
    )
    return {starts_at: capacity - count for starts_at, capacity, count in rows}
