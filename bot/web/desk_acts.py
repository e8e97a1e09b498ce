"""What an officer does with a case: claim, answer, return to the bot, resolve. One transaction each, then back to the page."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import clock
from bot.cases import acts
from bot.cases.queues import holder_name
from bot.cases.sight import find_case
from bot.cases.tables import Case
from bot.cases.talk import last_said_by
from bot.conversation.wording import CASE_RESOLVED, CASE_RETURNED
from bot.line.events import storable
from bot.line.limits import TEXT_UNITS, units
from bot.line.render import render
from bot.line.replies import Text
from bot.people.names import called, sender_name
from bot.people.tables import Staff
from bot.storage.engine import reading, transaction
from bot.storage.wake import wake
from bot.web import wording
from bot.web.access import ACTORS, allow
from bot.web.desk import blueprint as desk
from bot.web.desk import case_page
from bot.web.site import signed_in, site

blueprint = Blueprint("desk_acts", __name__, url_prefix=desk.url_prefix)

NOT_DONE = 409


@blueprint.post("/cases/<int:case_id>/claim")
@allow(*ACTORS)
def claim(case_id: int) -> ResponseReturnValue:
    """Take the case; whoever comes second sees who has it."""
    try:
        with transaction(site().engine) as session:
            found = _case(session, case_id)
            won = acts.claim(session, case_id=case_id, staff_id=signed_in().id, now=clock.utc_now())
            holder = holder_name(session, case_id)
    except acts.CaseEnded:
        flash(wording.CASE_IS_ENDED, "warning")
    else:
        if won:
            flash(wording.CLAIMED.format(number=found.number), "success")
        else:
            flash(wording.CLAIM_LOST.format(name=called(holder or "")), "warning")
    return _back(case_id)


@blueprint.post("/cases/<int:case_id>/answer")
@allow(*ACTORS)
def answer(case_id: int) -> ResponseReturnValue:
    """Send the holder's words to the citizen; the same form sent twice is one answer."""
    typed = storable(request.form.get("text", "")).replace("\r\n", "\n").strip()
    if not typed:
        return case_page(case_id, fault=wording.NOTHING_TYPED), 422
    if units(typed) > TEXT_UNITS:
        return case_page(case_id, typed=typed, fault=wording.TOO_LONG), 422
    last_said = request.form.get("last_said", 0, type=int)
    try:
        with transaction(site().engine) as session:
            found, staff = _case(session, case_id), _staff(session)
            acts.lock(session, case_id)  # before looking whether this form was sent already
            last = last_said_by(session, found.conversation_id, staff.id)
            if last is None or last.id <= last_said or last.text != typed:
                outgoing = render(Text(typed, sender=sender_name(staff.name)))
                acts.answer(session, case_id=case_id, staff=staff, outgoing=outgoing, now=clock.utc_now())
                wake(session)
    except acts.CaseEnded:
        return case_page(case_id, typed=typed, fault=wording.CASE_IS_ENDED), NOT_DONE
    except acts.NotHolder:
        return case_page(case_id, typed=typed, fault=_who_holds(case_id)), NOT_DONE
    return _back(case_id, sent=True)


@blueprint.post("/cases/<int:case_id>/return")
@allow(*ACTORS)
def give_back(case_id: int) -> ResponseReturnValue:
    """The bot answers again; the citizen is told."""
    return _end(case_id, "returned", None)


@blueprint.post("/cases/<int:case_id>/resolve")
@allow(*ACTORS)
def resolve(case_id: int) -> ResponseReturnValue:
    """End the case with an outcome; the citizen is told."""
    outcome = request.form.get("outcome", "")
    if outcome not in wording.OUTCOMES:
        return case_page(case_id, outcome_fault=wording.CHOOSE_OUTCOME), 422
    return _end(case_id, "resolved", outcome)


def _end(case_id: int, state: str, outcome: str | None) -> ResponseReturnValue:
    said, done = (CASE_RESOLVED, wording.RESOLVED) if state == "resolved" else (CASE_RETURNED, wording.RETURNED)
    try:
        with transaction(site().engine) as session:
            number = _case(session, case_id).number
            acts.end(
                session,
                case_id=case_id,
                staff=_staff(session),
                state=state,
                outcome=outcome,
                told=render(Text(said(number))),
                now=clock.utc_now(),
            )
            wake(session)
    except acts.CaseEnded:
        flash(wording.CASE_IS_ENDED, "warning")
        return _back(case_id)
    except acts.NotHolder:
        return case_page(case_id, outcome_fault=_who_holds(case_id)), NOT_DONE
    flash(done.format(number=number), "success")
    return redirect(url_for("desk.queue", tab="mine"), 303)


def _case(session: Session, case_id: int) -> Case:
    """The case, or 404 for those who may not see it."""
    return find_case(session, signed_in().viewer, case_id) or abort(404)


def _staff(session: Session) -> Staff:
    return session.get_one(Staff, signed_in().id)


def _who_holds(case_id: int) -> str:
    with reading(site().engine) as session:
        name = holder_name(session, case_id)
    return wording.HELD_BY.format(name=called(name)) if name else wording.NOT_YOURS


def _back(case_id: int, *, sent: bool = False) -> ResponseReturnValue:
    """To the case's page; `sent` tells its script that the draft has left."""
    return redirect(url_for("desk.case", case_id=case_id, sent="1" if sent else None), 303)
