"""Offices as they are now: which one is responsible, when it is open, which is nearest."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.people.tables import Holiday, Office
from knowledge.calendar import after_working_minutes, is_open, next_opening
from knowledge.model import Interval


def office_for(session: Session, agency_id: str | None) -> Office | None:
    """The office a matter of `agency_id` goes to: one of that agency, else the front desk; None when there is no office."""
    own = sa.select(Office).where(Office.agency_id == agency_id).order_by(Office.id).limit(1)
    front = sa.select(Office).order_by(Office.front_desk.desc(), Office.id).limit(1)
    return (session.scalar(own) if agency_id else None) or session.scalar(front)


def offices_of(session: Session, agency_id: str | None) -> Sequence[Office]:
    """The offices of an agency; every office when it has none or None is asked."""
    own = session.scalars(sa.select(Office).where(Office.agency_id == agency_id).order_by(Office.id)).all()
    return own or session.scalars(sa.select(Office).order_by(Office.front_desk.desc(), Office.id)).all()


def hours_of(office: Office) -> list[Interval]:
    """The opening hours as values."""
    return [Interval(row.weekday, row.opens_at, row.closes_at) for row in office.hours]


def closed_days(session: Session, office: Office) -> frozenset[date]:
    """The days on which the office is closed: holidays of all and its own."""
    mine = sa.or_(Holiday.office_id.is_(None), Holiday.office_id == office.id)
    return frozenset(session.scalars(sa.select(Holiday.on_date).where(mine)))


def open_now(session: Session, office: Office, now: datetime) -> bool:
    return is_open(hours_of(office), closed_days(session, office), now)


def opens_next(session: Session, office: Office, now: datetime) -> datetime | None:
    """When it opens next (`now` when it is open), or None within two months."""
    return next_opening(hours_of(office), closed_days(session, office), now)


def working_minutes_later(session: Session, office: Office | None, now: datetime, minutes: int) -> datetime:
    """`now` plus working minutes of the office; plain minutes when there is no office or it never opens."""
    if office is not None:
        then = after_working_minutes(hours_of(office), closed_days(session, office), now, minutes)
        if then is not None:
            return then
    return now + timedelta(minutes=minutes)


def distance_km(office: Office, latitude: float, longitude: float) -> float:
    """The way as the crow flies, in kilometres (haversine, Earth radius 6,371 km)."""
    a, b = math.radians(office.latitude), math.radians(latitude)
    across = math.radians(longitude - office.longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))
