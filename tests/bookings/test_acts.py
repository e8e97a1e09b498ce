"""Taking, moving and giving up a place."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.bookings import acts
from bot.bookings.acts import (
    AlreadyBooked,
    BookingGone,
    SlotClosed,
    SlotFull,
    TooManyBookings,
    bookings_of,
    cancel,
    latest,
    move,
    reserve,
)
from bot.bookings.tables import Booking, Slot
from bot.storage.engine import reading, transaction
from intents.entities import find_entities
from tests.bookings.centre import FRIDAY, MONDAY, NOW, at, citizens, service_of

RENEW, SURVEY = "driving_licence_renew", "land_survey"  # four at once; one at once


def book(session: Session, who: int, starts_at: datetime, intent: str = RENEW, now: datetime = NOW) -> Booking:
    service = service_of(session, intent)
    return reserve(session, office_service_id=service.id, starts_at=starts_at, conversation_id=who, now=now)


def test_a_place_is_taken(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        booking = book(session, nok, at(MONDAY, 9, 30))
        assert booking.state == "booked"
        assert booking.place_no == 1
        assert booking.reference.startswith("Q-")
        assert set(booking.reference[2:]) <= set(acts.SIGNS)
    with reading(centre) as session:
        (visit,) = bookings_of(session, nok, NOW)
        assert visit.slot.starts_at == at(MONDAY, 9, 30)
        assert visit.slot.ends_at == at(MONDAY, 9, 50)
        assert visit.office.id == "demo_transport"
        assert visit.service.intent_id == RENEW


def test_asking_twice_gives_the_same_booking(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        first = book(session, nok, at(MONDAY, 9, 30)).id
    with transaction(centre) as session:
        assert book(session, nok, at(MONDAY, 9, 30)).id == first
        assert session.scalar(sa.select(sa.func.count(Booking.id))) == 1


def test_a_freed_place_is_given_to_the_next(centre: sa.Engine) -> None:
    a, b, c, d, late = citizens(centre, 5)
    with transaction(centre) as session:
        places = [book(session, who, at(MONDAY, 9, 30)).place_no for who in (a, b, c, d)]
        assert places == [1, 2, 3, 4]
        with pytest.raises(SlotFull):
            book(session, late, at(MONDAY, 9, 30))
        booking_id = bookings_of(session, b, NOW)[0].booking.id
        cancel(session, booking_id=booking_id, conversation_id=b, now=NOW)
        assert book(session, late, at(MONDAY, 9, 30)).place_no == 2


@pytest.mark.parametrize(
    "starts_at",
    [
        at(MONDAY, 9, 31),
        at(MONDAY, 12, 10),
        at(MONDAY, 16, 20),
        at(MONDAY + timedelta(days=5), 9, 30),
        at(MONDAY + timedelta(days=14), 9, 30),
        NOW - timedelta(days=2),
        at(MONDAY + timedelta(days=90), 9, 30),
    ],
    ids=["not a start", "lunch", "too late in the day", "Saturday", "holiday", "past", "too far ahead"],
)
def test_a_closed_time_is_refused(centre: sa.Engine, starts_at: datetime) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        with pytest.raises(SlotClosed):
            book(session, nok, starts_at)
        assert session.scalar(sa.select(sa.func.count(Slot.id))) == 0


def test_nobody_is_at_two_places_at_once(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        first = book(session, nok, at(MONDAY, 9, 30))
        with pytest.raises(AlreadyBooked) as refused:
            book(session, nok, at(MONDAY, 9, 30), SURVEY)
        assert refused.value.booking_id == first.id


def test_three_coming_bookings_are_the_most(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        for hour in (9, 10, 11):
            book(session, nok, at(MONDAY, hour, 30 if hour == 9 else 10))
        with pytest.raises(TooManyBookings):
            book(session, nok, at(MONDAY, 13))
        assert book(session, nok, at(MONDAY, 9, 30)).state == "booked"  # the one that is there already
    afterwards = at(MONDAY, 16, 30)
    with transaction(centre) as session:
        assert bookings_of(session, nok, afterwards) == []
        assert book(session, nok, at(FRIDAY, 9, 30), now=afterwards).state == "booked"


def test_moving_takes_the_new_place_and_frees_the_old(centre: sa.Engine) -> None:
    nok, dam = citizens(centre, 2)
    with transaction(centre) as session:
        old = book(session, nok, at(MONDAY, 9, 30), SURVEY)
        new = move(session, booking_id=old.id, conversation_id=nok, starts_at=at(FRIDAY, 14), now=NOW)
        assert (old.state, old.moved_to_id, new.state) == ("moved", new.id, "booked")
        assert [visit.booking.id for visit in bookings_of(session, nok, NOW)] == [new.id]
        assert book(session, dam, at(MONDAY, 9, 30), SURVEY).place_no == 1


def test_the_old_place_stays_when_the_new_one_is_gone(centre: sa.Engine) -> None:
    nok, dam = citizens(centre, 2)
    with transaction(centre) as session:
        mine = book(session, nok, at(MONDAY, 9, 30), SURVEY)
        book(session, dam, at(FRIDAY, 14), SURVEY)
        for starts_at, refusal in ((at(FRIDAY, 14), SlotFull), (at(FRIDAY, 12), SlotClosed)):
            with pytest.raises(refusal):
                move(session, booking_id=mine.id, conversation_id=nok, starts_at=starts_at, now=NOW)
        assert [visit.slot.starts_at for visit in bookings_of(session, nok, NOW)] == [at(MONDAY, 9, 30)]


def test_moving_twice_by_the_old_number_ends_at_the_last_wish(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        old = book(session, nok, at(MONDAY, 9, 30))
        new = move(session, booking_id=old.id, conversation_id=nok, starts_at=at(FRIDAY, 14), now=NOW)
        assert move(session, booking_id=old.id, conversation_id=nok, starts_at=at(FRIDAY, 14), now=NOW).id == new.id
        last = move(session, booking_id=old.id, conversation_id=nok, starts_at=at(FRIDAY, 15), now=NOW)
        found = latest(session, nok, reference=old.reference)
        assert found is not None
        assert found.booking.id == last.id
        assert len(bookings_of(session, nok, NOW)) == 1


def test_a_move_to_an_overlapping_time_of_itself_is_allowed(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        mine = book(session, nok, at(MONDAY, 9, 30))
        other = book(session, nok, at(MONDAY, 10, 10))
        assert (
            move(session, booking_id=mine.id, conversation_id=nok, starts_at=at(MONDAY, 9, 50), now=NOW).id != mine.id
        )
        with pytest.raises(AlreadyBooked) as refused:
            move(session, booking_id=mine.id, conversation_id=nok, starts_at=at(MONDAY, 10, 10), now=NOW)
        assert refused.value.booking_id == other.id


def test_cancelling_again_is_harmless(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        mine = book(session, nok, at(MONDAY, 9, 30)).id
        first = cancel(session, booking_id=mine, conversation_id=nok, now=NOW).ended_at
        again = cancel(session, booking_id=mine, conversation_id=nok, now=NOW + timedelta(hours=1))
        assert (again.state, again.ended_at) == ("cancelled", first)
        with pytest.raises(BookingGone):
            move(session, booking_id=mine, conversation_id=nok, starts_at=at(FRIDAY, 14), now=NOW)


def test_nobody_touches_a_strangers_booking(centre: sa.Engine) -> None:
    nok, stranger = citizens(centre, 2)
    with transaction(centre) as session:
        mine = book(session, nok, at(MONDAY, 9, 30))
        with pytest.raises(BookingGone):
            cancel(session, booking_id=mine.id, conversation_id=stranger, now=NOW)
        with pytest.raises(BookingGone):
            move(session, booking_id=mine.id, conversation_id=stranger, starts_at=at(FRIDAY, 14), now=NOW)
        assert latest(session, stranger, reference=mine.reference) is None
        assert mine.state == "booked"


def test_what_is_over_is_neither_moved_nor_cancelled(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        mine = book(session, nok, at(MONDAY, 9, 30)).id
        over = at(MONDAY, 9, 50)
        with pytest.raises(BookingGone):
            cancel(session, booking_id=mine, conversation_id=nok, now=over)
        with pytest.raises(BookingGone):
            move(session, booking_id=mine, conversation_id=nok, starts_at=at(FRIDAY, 14), now=over)


def test_every_reference_is_found_again_in_a_citizens_words() -> None:
    for _try in range(500):
        reference = acts.new_reference()
        found = find_entities(f"ขอเลื่อนคิว {reference} เป็นวันพฤหัสบ่ายสาม", NOW).refs
        assert [(ref.kind, ref.value) for ref in found] == [("booking_number", reference)]


def test_a_reference_that_exists_is_drawn_again(centre: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    nok, dam = citizens(centre, 2)
    drawn = iter(["Q-AAAAA", "Q-AAAAA", "Q-BBBBB"])
    monkeypatch.setattr(acts, "new_reference", lambda: next(drawn))
    with transaction(centre) as session:
        assert book(session, nok, at(MONDAY, 9, 30)).reference == "Q-AAAAA"
        assert book(session, dam, at(MONDAY, 9, 30)).reference == "Q-BBBBB"


@pytest.mark.parametrize("place_no", [0, 1, 2], ids=["below one", "taken", "above capacity"])
def test_the_database_itself_refuses_a_place_too_many(centre: sa.Engine, place_no: int) -> None:
    nok, dam = citizens(centre, 2)
    with transaction(centre) as session:
        mine = book(session, nok, at(MONDAY, 9, 30), SURVEY)
        slot_id = mine.slot_id
    values = {"reference": "Q-ZZZZZ", "slot_id": slot_id, "slot_capacity": 1, "state": "booked", "created_at": NOW}
    with pytest.raises(IntegrityError), transaction(centre) as session:
        session.execute(sa.insert(Booking).values(place_no=place_no, conversation_id=dam, **values))
