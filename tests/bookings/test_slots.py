"""Which times can be booked."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from bot.bookings.acts import reserve
from bot.bookings.slots import Opening, days, holiday_name, last_day, opening_at, openings, times
from bot.bookings.tables import Slot
from bot.people.tables import Holiday
from bot.storage.engine import reading, transaction
from tests.bookings.centre import FRIDAY, MONDAY, NOW, at, citizens, service_of

RENEW = "driving_licence_renew"  # 20 minutes a visit, 4 at once, 60 days ahead; 8:30-12:00 and 13:00-16:30


def hours(found: list[Opening]) -> list[str]:
    return [f"{opening.hour:%H:%M}" for opening in found]


def test_starts_follow_the_open_hours_and_leave_lunch_free(centre: sa.Engine) -> None:
    with reading(centre) as session:
        found = hours(times(session, service_of(session, RENEW), MONDAY, NOW))
    assert found[:4] == ["08:30", "08:50", "09:10", "09:30"]
    assert [hour for hour in found if "11:30" <= hour < "13:30"] == ["11:30", "13:00", "13:20"]
    assert found[-1] == "16:00"  # a visit from 16:20 would end after 16:30


def test_no_visit_ends_after_its_interval(centre: sa.Engine) -> None:
    with reading(centre) as session:
        for opening in times(session, service_of(session, RENEW), FRIDAY, NOW):
            assert opening.ends_at - opening.starts_at == timedelta(minutes=20)
            assert opening.ends_at <= at(FRIDAY, 12) or at(FRIDAY, 13) <= opening.starts_at
            assert opening.ends_at <= at(FRIDAY, 16, 30)


@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 7), date(2026, 12, 10)],
    ids=["Saturday", "Sunday", "substitution holiday", "Constitution Day"],
)
def test_closed_days_have_no_starts(centre: sa.Engine, day: date) -> None:
    with reading(centre) as session:
        assert times(session, service_of(session, RENEW), day, NOW) == []
        assert days(session, service_of(session, RENEW), day, day, NOW) == {}


def test_a_holiday_of_one_office_closes_only_that_office(centre: sa.Engine) -> None:
    with transaction(centre) as session:
        session.add(Holiday(on_date=MONDAY, office_id="demo_transport", name="ทาสีอาคาร"))
    with reading(centre) as session:
        assert times(session, service_of(session, RENEW), MONDAY, NOW) == []
        assert times(session, service_of(session, "passport_new"), MONDAY, NOW)
        assert holiday_name(session, "demo_transport", MONDAY) == "ทาสีอาคาร"
        assert holiday_name(session, "demo_passport", MONDAY) is None


def test_a_holiday_is_named(centre: sa.Engine) -> None:
    with reading(centre) as session:
        assert holiday_name(session, "demo_transport", date(2026, 12, 10)) == "วันรัฐธรรมนูญ"
        assert holiday_name(session, "demo_transport", MONDAY) is None


def test_what_has_begun_cannot_be_booked(centre: sa.Engine) -> None:
    with reading(centre) as session:
        found = hours(times(session, service_of(session, RENEW), MONDAY, at(MONDAY, 9, 30)))
        assert found[0] == "09:50"
        assert times(session, service_of(session, RENEW), MONDAY, at(MONDAY, 16, 0)) == []
        assert times(session, service_of(session, RENEW), MONDAY - timedelta(days=3), NOW) == []


def test_nothing_beyond_the_days_ahead(centre: sa.Engine) -> None:
    with reading(centre) as session:
        service = service_of(session, "id_card_lost")
        assert last_day(service, NOW) == date(2026, 12, 22)
        assert times(session, service, date(2026, 12, 22), NOW)
        assert times(session, service, date(2026, 12, 23), NOW) == []
        assert max(days(session, service, MONDAY, date(2027, 3, 1), NOW)) == date(2026, 12, 22)


def test_days_count_the_places_left(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        service = service_of(session, RENEW)
        reserve(session, office_service_id=service.id, starts_at=at(MONDAY, 9, 30), conversation_id=nok, now=NOW)
    with reading(centre) as session:
        found = days(session, service_of(session, RENEW), MONDAY, MONDAY + timedelta(days=6), NOW)
        assert list(found) == [MONDAY + timedelta(days=n) for n in range(5)]
        assert found[MONDAY] == found[FRIDAY] - 1 == 20 * 4 - 1


def test_a_full_start_is_known_but_not_offered(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        service = service_of(session, "land_survey")  # one at a time
        reserve(session, office_service_id=service.id, starts_at=at(MONDAY, 9, 30), conversation_id=nok, now=NOW)
    with reading(centre) as session:
        service = service_of(session, "land_survey")
        assert "09:30" not in hours(times(session, service, MONDAY, NOW))
        full = opening_at(session, service, at(MONDAY, 9, 30), NOW)
        assert full is not None
        assert full.left == 0


def test_capacity_is_copied_when_the_slot_is_made(centre: sa.Engine) -> None:
    (nok,) = citizens(centre, 1)
    with transaction(centre) as session:
        service = service_of(session, RENEW)
        reserve(session, office_service_id=service.id, starts_at=at(MONDAY, 9, 30), conversation_id=nok, now=NOW)
        service.capacity = 9
    with reading(centre) as session:
        those = openings(session, service_of(session, RENEW), MONDAY, MONDAY, NOW)[MONDAY]
        left = {opening.hour: opening.left for opening in those}
        assert left[time(9, 30)] == 3
        assert left[time(9, 50)] == 9
        assert session.scalar(sa.select(Slot.capacity)) == 4
