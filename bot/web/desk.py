"""The officers' desk: the queue, a case with its whole conversation, and what changes while a page is open."""

import hashlib
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import clock
from bot.bookings.acts import bookings_of
from bot.cases.acts import OPEN_STATES, holder_id
from bot.cases.queues import TABS, QueueLine, Tab, counts, holder_name, others_of, queue_lines, status_of, subjects
from bot.cases.sight import Viewer, find_case
from bot.cases.tables import Case
from bot.cases.talk import find_media, last_said_by, talk_of
from bot.messages.tables import Conversation
from bot.people.tables import Office
from bot.storage.engine import reading
from bot.web import wording
from bot.web.access import ACTORS, READERS, allow
from bot.web.bubbles import bubbles_of, intents_in, shows_in_place
from bot.web.site import signed_in, site

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

ASIDE_LINES = 12
IN_PAGE = 50


@blueprint.get("/")
@allow(*READERS)
def queue() -> str:
    """One queue: waiting, mine, my team's, or closed."""
    viewer, tab, now = signed_in().viewer, _tab(), clock.utc_now()
    with reading(site().engine) as session:
        before = request.args.get("before", type=int)
        lines = queue_lines(session, viewer, tab, now=now, before_id=before, most=IN_PAGE + 1)
        numbers = counts(session, viewer)
    return render_template(
        "desk/queue.html",
        tab=tab,
        lines=lines[:IN_PAGE],
        more=len(lines) > IN_PAGE,
        counts=numbers,
        stamp=_stamp(lines[:IN_PAGE]),
        words=wording,
    )


@blueprint.get("/cases/<int:case_id>")
@allow(*READERS)
def case(case_id: int) -> str:
    """A case: what it is about, the whole conversation, and what may be done now."""
    return case_page(case_id)


@blueprint.get("/cases/<int:case_id>/media/<int:message_id>")
@allow(*READERS)
def media(case_id: int, message_id: int) -> ResponseReturnValue:
    """What a citizen sent, decrypted, for those who may see the case. Only harmless kinds open in the browser."""
    with reading(site().engine) as session:
        found_case = find_case(session, signed_in().viewer, case_id) or abort(404)
        found = find_media(session, signed_in().viewer, found_case, message_id) or abort(404)
        kept, message = found
        content, content_type = kept.content or b"", kept.content_type
        name = str((message.payload or {}).get("file_name") or f"{message.kind}-{message.id}")
    in_place = shows_in_place(content_type, message.kind)
    response: Response = send_file(
        BytesIO(content),
        mimetype=content_type if in_place else "application/octet-stream",
        as_attachment=not in_place,
        download_name=name,
        conditional=True,  # players ask for parts
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/changes")
@allow(*READERS)
def changes() -> ResponseReturnValue:
    """For the page's script, every few seconds: counts, whether the queue differs, and what is new in the open case."""
    viewer, now = signed_in().viewer, clock.utc_now()
    answer: dict[str, Any] = {}
    with reading(site().engine) as session:
        answer["counts"] = counts(session, viewer)
        if "queue" in request.args:
            before = request.args.get("before", type=int)
            answer["queue"] = _stamp(queue_lines(session, viewer, _tab(), now=now, before_id=before, most=IN_PAGE))
        case_id = request.args.get("case", type=int)
        if case_id is not None:
            found = find_case(session, viewer, case_id) or abort(404)
            answer["case"] = _case_stamp(session, found)
            talk = talk_of(session, viewer, found)
            answer["talk"] = talk.stamp
            if talk.stamp != request.args.get("talk"):
                bubbles = bubbles_of(talk.spoken, _citizen(session, found), subjects(session, intents_in(talk.spoken)))
                answer["bubbles"] = [
                    {"id": one.id, "html": render_template("desk/bubble.html", bubble=one, case_id=case_id)}
                    for one in bubbles
                ]
    return jsonify(answer)


def case_page(case_id: int, *, typed: str = "", fault: str | None = None, outcome_fault: str | None = None) -> str:
    """The page of a case, with what was typed and why it was not sent; 404 for those who may not see it."""
    who, now = signed_in(), clock.utc_now()
    with reading(site().engine) as session:
        found = find_case(session, who.viewer, case_id) or abort(404)
        talk = talk_of(session, who.viewer, found, before_id=request.args.get("before", type=int))
        visits = bookings_of(session, found.conversation_id, now)
        booked = {visit.service.intent_id for visit in visits}
        names = subjects(session, intents_in(talk.spoken) | booked | {found.intent_id})
        citizen = _citizen(session, found)
        last = last_said_by(session, found.conversation_id, who.id)
        page = {
            "mine": holder_id(session, case_id) == who.id,
            "holder": holder_name(session, case_id),
            "office": session.get(Office, found.office_id) if found.office_id else None,
            "others": [(other, status_of(other, now)) for other in others_of(session, who.viewer, found)],
            "counts": counts(session, who.viewer),
            "aside": _aside(session, who.viewer),
            "stamp": _case_stamp(session, found),
            "last_said": last.id if last else 0,
        }
    return render_template(
        "desk/case.html",
        **page,
        case=found,
        status=status_of(found, now),
        subject=names.get(found.intent_id or ""),
        citizen=citizen or wording.CITIZEN,
        bubbles=bubbles_of(talk.spoken, citizen, names),
        talk=talk,
        visits=visits,
        names=names,
        is_open=found.state in OPEN_STATES,
        acts=who.role in ACTORS,
        typed=typed,
        fault=fault,
        outcome_fault=outcome_fault,
        words=wording,
    )


def _tab() -> Tab:
    asked = request.args.get("tab")
    return next((tab for tab in TABS if tab == asked), "waiting")


def _aside(session: Session, viewer: Viewer) -> dict[Tab, list[QueueLine]]:
    now = clock.utc_now()
    asked: tuple[Tab, ...] = ("mine", "waiting")
    return {tab: queue_lines(session, viewer, tab, now=now, most=ASIDE_LINES) for tab in asked}


def _citizen(session: Session, found: Case) -> str | None:
    return session.get_one(Conversation, found.conversation_id).display_name


def _stamp(lines: list[QueueLine]) -> str:
    shown = [(line.case.id, line.case.state, line.case.urgent, line.holder_id) for line in lines]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _case_stamp(session: Session, found: Case) -> str:
    return f"{found.state}:{holder_id(session, found.id) or ''}:{len((found.report or {}).get('photos', []))}"
