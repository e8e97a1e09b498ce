"""Many officers press "claim" at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from bot.cases import acts
from bot.cases.tables import Claim
from bot.storage.engine import reading, transaction
from tests.web.conftest import Centre

OFFICERS_AT_ONCE = 50


def winners(centre: Centre, press: Callable[[int, threading.Barrier], bool]) -> set[int]:
    """Which members of staff believe that they have the case, when many press at once (some from two devices)."""
    barrier, staff = threading.Barrier(OFFICERS_AT_ONCE), list(centre.staff.values())

    def one(number: int) -> int | None:
        staff_id = staff[number % len(staff)]
        return staff_id if press(staff_id, barrier) else None

    with ThreadPoolExecutor(OFFICERS_AT_ONCE) as pool:
        return {staff_id for staff_id in pool.map(one, range(OFFICERS_AT_ONCE)) if staff_id is not None}


def test_fifty_claims_at_once_have_one_winner(centre: Centre) -> None:
    case_id = centre.opens("นก")

    def press(staff_id: int, barrier: threading.Barrier) -> bool:
        barrier.wait()
        with transaction(centre.engine) as session:
            return acts.claim(session, case_id=case_id, staff_id=staff_id, now=centre.clock.at)

    (winner,) = winners(centre, press)
    with reading(centre.engine) as session:
        assert list(session.scalars(sa.select(Claim.staff_id))) == [winner]


def test_reading_first_and_claiming_then_would_have_many_winners(centre: Centre) -> None:
    case_id = centre.opens("นก")
    with transaction(centre.engine) as session:
        session.execute(sa.text("DROP INDEX uq_claims_open"))

    def press(staff_id: int, barrier: threading.Barrier) -> bool:
        with reading(centre.engine) as session:
            free = acts.holder_id(session, case_id) is None
        barrier.wait()
        with transaction(centre.engine) as session:
            session.add(Claim(case_id=case_id, staff_id=staff_id, claimed_at=centre.clock.at))
        return free

    assert len(winners(centre, press)) > 1
