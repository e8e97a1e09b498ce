"""What citizens do with places: take one, move it, give it up. One place too many is refused by the database itself.

Locks are always taken in this order: the citizen's row, then slots by id. All changes of a citizen's bookings happen
under the citizen's row, so the cap per citizen is exact; places are counted under the slot's row. On SQLite the write
transaction is the lock. Behind both stand the unique index on (slot, place) and the check of place_no against capacity.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.bookings.slots import Opening, opening_at
from bot.bookings.tables import Booking, OfficeService, Slot
from bot.messages.tables import Conversation
from bot.people.tables import Office

MOST_COMING = 3  # a citizen's bookings that are still to come
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another when read aloud or copied by hand
REFERENCE_TRIES = 20


class BookingRefused(Exception):
    """A place cannot be taken, moved or given up as wished; nothing was changed."""


class SlotFull(BookingRefused):
    """Every place of that time is taken."""


class SlotClosed(BookingRefused):
    """No visit begins at that time: closed, past, too far ahead, or not a start."""


class AlreadyBooked(BookingRefused):
    """The citizen is somewhere else at that time; `booking_id` is where."""

    def __init__(self, booking_id: int) -> None:
        super().__init__(str(booking_id))
        self.booking_id = booking_id


class TooManyBookings(BookingRefused):
    """The citizen has MOST_COMING bookings to come."""


class BookingGone(BookingRefused):
    """There is no such coming booking of this citizen."""


@dataclass(frozen=True)
class Visit:
    """A booking with when, what and where it is."""

    booking: Booking
    slot: Slot
    service: OfficeService
    office: Office


def reserve(
    session: Session, *, office_service_id: int, starts_at: datetime, conversation_id: int, now: datetime
) -> Booking:
    """The citizen's booking of the lowest free place at `starts_at`; the same one when it is asked for again.

    Raises SlotClosed, SlotFull, AlreadyBooked (another booking at that time), TooManyBookings.
    """
    _lock_citizen(session, conversation_id)
    service, opening = _opening(session, office_service_id, starts_at, now)
    coming = bookings_of(session, conversation_id, now)
    for visit in coming:
        if visit.service.id == service.id and visit.slot.starts_at == starts_at:
            return visit.booking
    _refuse_overlap(coming, opening)
    if len(coming) >= MOST_COMING:
        raise TooManyBookings
    slot_id = _slot_id(session, service, opening)
    slot = _lock_slots(session, slot_id)[slot_id]
    return _take_place(session, slot, conversation_id, now)


def move(session: Session, *, booking_id: int, conversation_id: int, starts_at: datetime, now: datetime) -> Booking:
    """The booking at its new time, with a new reference; the old place is given up only when the new one is taken.

    The same booking when it is there already. Raises SlotClosed, SlotFull, AlreadyBooked, BookingGone; then the old
    place stays the citizen's.
    """
    _lock_citizen(session, conversation_id)
    old = latest(session, conversation_id, booking_id=booking_id)
    if old is None or old.booking.state != "booked" or old.slot.ends_at <= now:
        raise BookingGone
    if old.slot.starts_at == starts_at:
        return old.booking
    service, opening = _opening(session, old.service.id, starts_at, now)
    _refuse_overlap(bookings_of(session, conversation_id, now), opening, leaving=old.booking.id)
    slot_id = _slot_id(session, service, opening)
    slots = _lock_slots(session, slot_id, old.slot.id)
    new = _take_place(session, slots[slot_id], conversation_id, now)
    old.booking.state, old.booking.ended_at, old.booking.moved_to_id = "moved", now, new.id
    session.flush()
    return new


def cancel(session: Session, *, booking_id: int, conversation_id: int, now: datetime) -> Booking:
    """The booking, given up; harmless when it already was. Raises BookingGone when it is past or not this citizen's."""
    _lock_citizen(session, conversation_id)
    visit = latest(session, conversation_id, booking_id=booking_id)
    if visit is None:
        raise BookingGone
    if visit.booking.state == "booked":
        if visit.slot.ends_at <= now:
            raise BookingGone
        _lock_slots(session, visit.slot.id)
        visit.booking.state, visit.booking.ended_at = "cancelled", now
        session.flush()
    return visit.booking


def bookings_of(session: Session, conversation_id: int, now: datetime) -> Sequence[Visit]:
    """The citizen's bookings that have not ended yet, the next one first."""
    rows = session.execute(
        _visits()
        .where(Booking.conversation_id == conversation_id, Booking.state == "booked", Slot.ends_at > now)
        .order_by(Slot.starts_at, Booking.id)
    )
    return [Visit(*row) for row in rows]


def latest(
    session: Session, conversation_id: int, *, booking_id: int | None = None, reference: str | None = None
) -> Visit | None:
    """The citizen's booking with that id or reference as it is now: a moved one is followed to where it went."""
    named = Booking.id == booking_id if booking_id is not None else Booking.reference == (reference or "")
    found = session.scalar(sa.select(Booking).where(named, Booking.conversation_id == conversation_id))
    while found is not None and found.moved_to_id is not None:
        found = session.get(Booking, found.moved_to_id)
    if found is None:
        return None
    row = session.execute(_visits().where(Booking.id == found.id), execution_options={"populate_existing": True})
    return Visit(*row.one())


def _visits() -> sa.Select[Booking, Slot, OfficeService, Office]:
    return (
        sa.select(Booking, Slot, OfficeService, Office)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(OfficeService, OfficeService.id == Slot.office_service_id)
        .join(Office, Office.id == OfficeService.office_id)
    )


def _lock_citizen(session: Session, conversation_id: int) -> None:
    session.execute(sa.select(Conversation.id).where(Conversation.id == conversation_id).with_for_update()).one()


def _opening(
    session: Session, office_service_id: int, starts_at: datetime, now: datetime
) -> tuple[OfficeService, Opening]:
    service = session.get(OfficeService, office_service_id)
    opening = opening_at(session, service, starts_at, now) if service else None
    if service is None or opening is None:
        raise SlotClosed
    return service, opening


def _refuse_overlap(coming: Sequence[Visit], opening: Opening, leaving: int | None = None) -> None:
    for visit in coming:
        meets = visit.slot.starts_at < opening.ends_at and opening.starts_at < visit.slot.ends_at
        if meets and visit.booking.id != leaving:
            raise AlreadyBooked(visit.booking.id)


def _slot_id(session: Session, service: OfficeService, opening: Opening) -> int:
    """The slot's row, made when the first citizen comes; before any slot is locked, as an insert may wait."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(Slot)
        .values(
            office_service_id=service.id,
            starts_at=opening.starts_at,
            ends_at=opening.ends_at,
            capacity=service.capacity,
        )
        .on_conflict_do_nothing(index_elements=["office_service_id", "starts_at"])
    )
    here = sa.select(Slot.id).where(Slot.office_service_id == service.id, Slot.starts_at == opening.starts_at)
    return session.execute(here).scalar_one()


def _lock_slots(session: Session, *slot_ids: int) -> dict[int, Slot]:
    """The rows, locked in the order of their ids: citizens who swap places wait, but never for each other."""
    locked = sa.select(Slot).where(Slot.id.in_(slot_ids)).order_by(Slot.id).with_for_update()
    return {slot.id: slot for slot in session.scalars(locked, execution_options={"populate_existing": True})}


def _take_place(session: Session, slot: Slot, conversation_id: int, now: datetime) -> Booking:
    """The lowest free place of a locked slot. Raises SlotFull."""
    taken = set(
        session.scalars(sa.select(Booking.place_no).where(Booking.slot_id == slot.id, Booking.state == "booked"))
    )
    place_no = next((number for number in range(1, slot.capacity + 1) if number not in taken), None)
    if place_no is None:
        raise SlotFull
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for _try in range(REFERENCE_TRIES):
        booking_id = session.scalar(
            insert(Booking)
            .values(
                reference=new_reference(),
                slot_id=slot.id,
                slot_capacity=slot.capacity,
                place_no=place_no,
                conversation_id=conversation_id,
                state="booked",
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["reference"])
            .returning(Booking.id)
        )
        if booking_id is not None:
            return session.get_one(Booking, booking_id)
    raise RuntimeError("no free booking reference was found")


def new_reference() -> str:
    """Q- and five signs, not to be guessed from another one; one is a digit, so that none spells a word."""
    while True:
        signs = "".join(secrets.choice(SIGNS) for _ in range(5))
        if any(sign.isdigit() for sign in signs):
            return f"Q-{signs}"
