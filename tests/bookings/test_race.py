"""Many citizens want the same few places at once: the database gives out as many as there are, never more."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import sqlalchemy as sa

from bot.bookings.acts import BookingRefused, SlotFull, bookings_of, move, reserve
from bot.bookings.slots import openings
from bot.bookings.tables import Booking
from bot.storage.engine import reading, transaction
from tests.bookings.centre import MONDAY, NOW, at, citizens, service_of

T = TypeVar("T")
LOST = "id_card_lost"  # three at once
AT_ONCE = 40


def test_two_hundred_citizens_book_a_slot_of_three(centre: sa.Engine) -> None:
    everybody = citizens(centre, 200)
    with reading(centre) as session:
        service_id = service_of(session, LOST).id

    def wants(who: int) -> bool:
        try:
            with transaction(centre) as session:
                reserve(
                    session, office_service_id=service_id, starts_at=at(MONDAY, 9, 30), conversation_id=who, now=NOW
                )
        except SlotFull:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        won = list(pool.map(wants, everybody))
    assert won.count(True) == 3
    with reading(centre) as session:
        places = session.scalars(sa.select(Booking.place_no).where(Booking.state == "booked")).all()
    assert sorted(places) == [1, 2, 3]


def test_the_same_race_without_the_guard_gives_out_too_many(centre: sa.Engine) -> None:
    """The twin: count, then save, as is usual elsewhere. It fails whenever all have counted before one has saved."""
    with centre.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE unguarded (slot_id integer, citizen integer)")
    together = threading.Barrier(10)

    def wants(who: int) -> bool:
        with centre.connect() as connection:
            taken: int = connection.execute(sa.text("SELECT count(*) FROM unguarded WHERE slot_id = 1")).scalar_one()
            connection.commit()
            together.wait(20)
            if taken < 3:
                connection.execute(sa.text("INSERT INTO unguarded VALUES (1, :who)"), {"who": who})
                connection.commit()
            return taken < 3

    with ThreadPoolExecutor(10) as pool:
        won = list(pool.map(wants, range(10)))
    assert won.count(True) == 10
    with centre.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM unguarded")).scalar_one() == 10


def test_a_citizen_who_asks_many_times_at_once_has_one_booking(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with reading(centre) as session:
        service_id = service_of(session, LOST).id

    def wants(_try: int) -> int:
        with transaction(centre) as session:
            return reserve(
                session, office_service_id=service_id, starts_at=at(MONDAY, 9, 30), conversation_id=nok, now=NOW
            ).id

    assert len(set(_at_once(wants, 20))) == 1


def test_a_citizen_cannot_slip_past_the_cap(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with reading(centre) as session:
        service_id = service_of(session, LOST).id

    def wants(number: int) -> bool:
        starts_at = at(MONDAY, 8, 30) + timedelta(minutes=_visit(centre) * number)
        try:
            with transaction(centre) as session:
                reserve(session, office_service_id=service_id, starts_at=starts_at, conversation_id=nok, now=NOW)
        except BookingRefused:
            return False
        return True

    assert _at_once(wants, 8).count(True) == 3


def test_citizens_who_swap_places_never_wait_for_ever(centre: sa.Engine) -> None:
    """Half move from the first hour to the second, half the other way, again and again."""
    everybody = citizens(centre, 4)
    step = timedelta(minutes=_visit(centre))
    hours = (at(MONDAY, 8, 30), at(MONDAY, 8, 30) + step)
    with transaction(centre) as session:
        service_id = service_of(session, LOST).id
        for number, who in enumerate(everybody):
            reserve(session, office_service_id=service_id, starts_at=hours[number % 2], conversation_id=who, now=NOW)

    def swaps(number: int) -> int:
        who, moved = everybody[number], 0
        for turn in range(25):
            with transaction(centre) as session:
                (mine,) = bookings_of(session, who, NOW)
                try:
                    there = hours[(number + turn + 1) % 2]
                    move(session, booking_id=mine.booking.id, conversation_id=who, starts_at=there, now=NOW)
                    moved += 1
                except SlotFull:
                    pass
        return moved

    assert sum(_at_once(swaps, 4)) > 0
    with reading(centre) as session:
        assert session.scalar(sa.select(sa.func.count(Booking.id)).where(Booking.state == "booked")) == 4
        those = openings(session, service_of(session, LOST), MONDAY, MONDAY, NOW)[MONDAY]
        assert sum(opening.left for opening in those[:2]) == 2


def _visit(engine: sa.Engine) -> int:
    with reading(engine) as session:
        return service_of(session, LOST).visit_minutes


def _at_once(act: Callable[[int], T], count: int) -> list[T]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))
