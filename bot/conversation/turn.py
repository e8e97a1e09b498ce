"""One turn: an event is recorded, understood in the light of what was going on, and acted upon, in one transaction.

Start reading here: take_turn → respond → one action of this package → replies, queued for the outbox.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.cases.acts import forget_words, open_case
from bot.catalogue.live import LiveCatalogue
from bot.conversation import (
    anger,
    answers,
    booking,
    booking_change,
    both,
    handover,
    later,
    places,
    privacy,
    reports,
    status,
    wording,
)
from bot.conversation.articles import OFFICER
from bot.conversation.booking_hearing import bare
from bot.conversation.context import Turn
from bot.conversation.memory import as_json, read_memory
from bot.conversation.reading import read, read_both
from bot.conversation.second_reading import read_again
from bot.conversation.short_answers import chosen, gives_up, is_short_answer, says_no, says_not_this, says_yes
from bot.line.events import (
    Followed,
    LocationIn,
    MediaIn,
    Other,
    PostbackIn,
    StickerIn,
    TextIn,
    Unfollowed,
    Unsent,
    read_event,
)
from bot.line.render import render
from bot.line.replies import Card, Reply, Text, read_data
from bot.messages import inbox, outbox
from bot.messages.record import blank_message, record_incoming
from bot.messages.tables import Conversation, InboundEvent, Message
from bot.reader.values import SecondReader
from intents.facets import is_bare_question
from intents.manner import is_angry
from intents.text import says_something
from intents.understand import Decision, understand
from knowledge.model import FACETS

_MENTION = re.compile(r"@\S{1,40}\s*")


def take_turn(
    session: Session,
    due: inbox.Due,
    conversation: Conversation,
    *,
    catalogue: LiveCatalogue,
    public_url: str,
    now: datetime,
    reader: SecondReader | None = None,
) -> Sequence[Message]:
    """Handle one waiting event of a locked conversation, mark it done, and return what was queued for the citizen.

    Whatever is raised rolls everything back: AskReader too, where a second reader is to be asked first.
    """
    row = due.event
    event = read_event(json.loads(row.raw), row.received_at) if row.raw is not None else None
    row.state, row.done_at = "done", now
    if event is None:
        return ()  # withdrawn before its turn
    conversation.last_seen_at = now
    if event.reply_token and conversation.kind == "user":
        conversation.blocked_at = None  # LINE lets us answer: an unfollow that came late is over
    if due.is_withdrawn and not isinstance(event.content, Unsent):
        row.raw = None
        blank_message(session, conversation, row, event, now)
        return ()
    message = record_incoming(session, conversation, row, event, now)
    turn = Turn(
        session=session,
        conversation=conversation,
        memory=read_memory(conversation.memory),
        matcher=catalogue.matcher(session),
        event=event,
        message=message,
        now=now,
        public_url=public_url,
        reader=reader,
    )
    replies = respond(turn) if event.active else _only_record(turn)
    conversation.memory = as_json(turn.memory)
    outgoing = [one for reply in _with_notice(turn, replies) for one in render(reply)]
    return outbox.queue(session, conversation, outgoing, now=now)


def park(session: Session, row: InboundEvent, conversation: Conversation, *, now: datetime) -> None:
    """After the last failed try: an officer gets a case, the citizen its number, and the next events go on."""
    event = read_event(json.loads(row.raw), row.received_at) if row.raw is not None else None
    message = None
    if event is not None:
        with suppress(SQLAlchemyError), session.begin_nested():  # recording may be what failed
            message = record_incoming(session, conversation, row, event, now)
    case = open_case(session, conversation, reason="parked", question=message.text if message else None, now=now)
    if event is None or event.active:  # standby is silent
        outbox.queue(session, conversation, render(Text(wording.parked(case.number))), now=now)


def respond(turn: Turn) -> list[Reply]:
    """The replies to what came; none where silence is right."""
    return later.take_up(turn, _respond(turn))


def _respond(turn: Turn) -> list[Reply]:
    match turn.event.content:
        case TextIn(text=text):
            return _text(turn, text) if turn.private else _group_text(turn, text)
        case PostbackIn() as tap:
            return _tap(turn, tap)
        case LocationIn() as place:
            return _silent_or_joined(turn, reports.goes_on(turn) or (places.near_place(turn, place)))
        case MediaIn():
            got = booking.still_open(turn, turn.memory.booking, [Text(wording.GOT_MEDIA, (OFFICER,))])
            return _silent_or_joined(turn, reports.goes_on(turn) or got)
        case StickerIn():
            asked_again = booking.asked_again(turn) or reports.asked_again(turn)
            return _silent_or_joined(turn, asked_again or [Text(wording.ASK_KINDLY, (OFFICER,))])
        case Followed():
            turn.conversation.blocked_at = None
            turn.conversation.notice_told_at = turn.now
            return [Text(wording.greeting(turn.public_url))]
        case Unfollowed() | Unsent():
            return _only_record(turn)
        case Other():
            return [] if turn.conversation.state == "held" else [Text(wording.GOT_MEDIA, (OFFICER,))]
        case content:
            assert_never(content)


def _only_record(turn: Turn) -> list[Reply]:
    match turn.event.content:
        case Unfollowed():
            turn.conversation.blocked_at = turn.now
        case Unsent(line_message_ref=ref):
            inbox.withdraw(turn.session, ref, turn.now)
            withdrawn = replace(turn.event, line_message_ref=ref)
            for words in blank_message(turn.session, turn.conversation, None, withdrawn, turn.now):
                forget_words(turn.session, turn.conversation.id, words)
    return []


def _text(turn: Turn, text: str) -> list[Reply]:
    reading = read(turn, text)
    text, decision, word = reading.text, reading.decision, bare(reading.text)
    if turn.message is not None:
        turn.message.understanding = decision.as_json()
    if is_short_answer(word):  # "ไม่ต้องแล้ว" looks like a cry for help
        kind = "unknown" if decision.kind == "emergency" else decision.kind
        decision = replace(decision, kind=kind, hint_of_danger=False)
    if decision.kind == "emergency":
        return handover.emergency(turn)
    if turn.conversation.state == "held":
        return []  # an officer is talking: every message is in the case
    angry = is_angry(text)
    if angry:
        turn.memory.misses = answers.MISSES_BEFORE_OFFER - 1  # the next miss offers a person
        decision = anger.rather_missed(turn, decision)
    open_booking, open_report = turn.memory.booking, reports.asked(turn)
    replies = anger.soothed(turn, decision) if angry else None
    if replies is None:
        replies = _going_on(turn, text, word, decision)
    if replies is None:
        parts = read_both(turn, reading)
        if parts and any(part.decision.kind == "emergency" for part in parts):
            return handover.emergency(turn)
        if parts and turn.message is not None:
            turn.message.understanding = both.as_json(parts)
        replies = both.answer_both(turn, reading, parts, _act) if parts else _act(turn, text, decision)
        replies = booking.still_open(turn, open_booking, replies)
        later.report_interrupted(turn, open_report)
    if angry:
        replies = anger.sorry(turn, replies)
    if decision.hint_of_danger and replies:
        last = replies[-1]  # LINE shows only the last message's quick replies
        replies = [*replies[:-1], _bare(last), Text(wording.DANGER_HINT, last.buttons)]
    return replies


def _going_on(turn: Turn, text: str, word: str, decision: Decision) -> list[Reply] | None:
    """What the text means to the question that is open, or None when it is about something else."""
    if gives_up(word) and (turn.memory.booking or turn.memory.asking) and not booking.cancelling(turn):
        later.give_up(turn)
        return [Text(wording.GIVEN_UP)]
    asking = turn.memory.asking
    if decision.kind == "handover" and not says_not_this(word):
        return None
    if asking in ("officer", "meaning"):
        turn.memory.asking = None
    if asking == "officer":
        if says_yes(word, to_help=True):
            turn.memory.asking = "officer"
            return handover.to_officer(turn, reason="not_understood")
        if says_no(word):
            turn.memory.misses = 0
            return [Text(wording.DECLINED_OFFICER)]
    if asking == "meaning":
        meant = chosen(word, turn.memory.choices)
        if meant is not None:
            return _chosen(turn, meant, turn.memory.facets)
        if says_no(word) or says_not_this(word):
            return answers.not_this(turn)
        if says_yes(word) and turn.memory.misses < answers.MISSES_BEFORE_OFFER:
            return answers.ask_which(turn, turn.memory.choices)
        if says_yes(word):
            return handover.to_officer(turn, reason="not_understood")
    if asking == "report":
        return reports.hear(turn, text, word, decision)
    if turn.memory.booking is not None:
        return booking.goes_on(turn, text, decision)
    return reports.adds_place(turn, text, decision) or answers.to_nothing(turn, word)


def _named_or_wished(turn: Turn, text: str, decision: Decision) -> list[Reply] | None:
    """A text that as a whole was not understood, by a number in it, a wish to book, or the last article's facet."""
    kinds = {ref.kind for ref in decision.entities.refs}
    if "case_number" in kinds:
        return status.tell(turn, decision)
    if "booking_number" in kinds:
        return booking_change.tell(turn, next(r.value for r in decision.entities.refs if r.kind == "booking_number"))
    if decision.followed:
        return answers.article(turn, decision, text)
    if booking.wishes_anew(text):
        return booking.begin(turn, replace(decision, intent="booking_create"))
    return None


def _act(turn: Turn, text: str, decision: Decision) -> list[Reply]:
    """What a decision leads to."""
    waiting = turn.conversation.state == "waiting"
    match decision.kind:
        case "answer":
            return booking.not_bookable(turn, text, decision) + answers.article(turn, decision, text)
        case "book":
            return booking.begin(turn, decision)
        case "report":
            return reports.begin(turn, decision)
        case "case":
            return status.tell(turn, decision)
        case "privacy":
            return privacy.tell(turn, text)
        case "smalltalk":
            return answers.small_talk(turn, decision)
        case "handover":
            return handover.to_officer(turn, reason="complaint" if decision.intent == "complain_service" else "asked")
        case "emergency":
            return handover.emergency(turn)
        case "elsewhere":
            return answers.elsewhere(turn, decision)
        case "clarify" | "unknown":
            replies = _named_or_wished(turn, text, decision)
            if replies is not None:
                return replies
            if waiting:
                return [Text(wording.JOINED_CASE)]
            if not says_something(text):
                return [Text(wording.ASK_KINDLY, (OFFICER,))]
            if decision.facet is not None and is_bare_question(text):
                return [Text(wording.ASK_ABOUT_WHAT, (OFFICER,))]
            second = read_again(turn, text, decision)
            if second is not decision:
                return _act(turn, text, second)
            return answers.did_you_mean(turn, decision) if decision.kind == "clarify" else answers.not_understood(turn)
    assert_never(decision.kind)


def _group_text(turn: Turn, text: str) -> list[Reply]:
    """In a group only general answers are given, and nothing personal."""
    decision = understand(_MENTION.sub("", text), turn.matcher, turn.now)
    if decision.kind == "answer":
        return [_bare(reply) for reply in answers.article(turn, decision)]
    if decision.kind == "elsewhere":
        return [_bare(reply) for reply in answers.elsewhere(turn, decision)]
    if decision.kind == "smalltalk":
        return [_bare(reply) for reply in answers.small_talk(turn, decision)]
    return [Text(wording.GROUP_ONLY_GENERAL)]


def _tap(turn: Turn, tap: PostbackIn) -> list[Reply]:
    """A tapped button. Buttons of long ago still do what they say."""
    fields = read_data(tap.data)
    if not turn.private:
        return [Text(wording.GROUP_ONLY_GENERAL)]
    intent = turn.intent(fields.get("intent"))
    match fields.get("act"):
        case "facet" if intent is not None:
            return answers.show(turn, intent, (fields.get("facet", ""),), only=True)
        case "choose":
            return _chosen(turn, fields.get("intent", ""), fields.get("facets", "").split(","))
        case "report" if intent is not None:
            return reports.ask_or_open(turn, intent)
        case "near":
            return places.nearest(turn, fields.get("agency"))
        case "officer":
            return handover.to_officer(turn)
        case "decline":
            turn.memory.misses, turn.memory.asking = 0, None
            return [Text(wording.DECLINED_OFFICER)]
        case "not_this":
            turn.memory.asking, turn.memory.report_intent = None, None
            return answers.not_this(turn)
        case "privacy":
            return privacy.request(turn, fields.get("wish", "copy"))
        case act if act is not None and act.startswith("book"):
            return booking.tap(turn, fields, tap.picked)
        case _:
            return [Text(wording.TAP_OLD, (OFFICER,))]


def _chosen(turn: Turn, intent_id: str, asked: Sequence[str]) -> list[Reply]:
    """A choice of "did you mean"; the facets `asked` before are told first."""
    turn.memory.asking, turn.memory.misses = None, 0
    kind = turn.matcher.kinds.get(intent_id)
    decision = Decision("answer", intent_id, 1.0, facets=tuple(f for name in asked for f in FACETS if f == name))
    match kind:
        case "faq" | "faq+booking":
            return answers.article(turn, decision)
        case "report":
            return reports.begin(turn, decision)
        case "booking":
            return booking.begin(turn, decision)
        case "case":
            return status.tell(turn, decision)
        case "privacy":
            return privacy.tell(turn, "")
        case "escalate":
            if intent_id == "emergency":
                return handover.emergency(turn)
            return handover.to_officer(turn, reason="complaint" if intent_id == "complain_service" else "asked")
        case "smalltalk":
            return answers.small_talk(turn, decision)
        case None:
            return answers.elsewhere(turn, decision)
    assert_never(kind)


def _silent_or_joined(turn: Turn, replies: list[Reply]) -> list[Reply]:
    match turn.conversation.state:
        case "held":
            return []
        case "waiting" if turn.memory.report_case is None:
            return [Text(wording.JOINED_MEDIA)]
        case _:
            return replies


def _with_notice(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """The privacy notice is a line of the first answer, not a message of its own."""
    if not replies or not turn.private or turn.conversation.notice_told_at is not None:
        return replies
    turn.conversation.notice_told_at = turn.now
    line = wording.notice(turn.public_url)
    last = replies[-1]
    match last:
        case Text():
            return [*replies[:-1], replace(last, text=f"{last.text}\n\n{line}")]
        case Card():
            return [*replies[:-1], replace(last, small=(*last.small, line))]
    assert_never(last)


def _bare(reply: Reply) -> Reply:
    return replace(reply, buttons=())
