"""What has to wait until something else is done: a second booking, a report that lacks its place. Taken up by itself."""

from dataclasses import replace

from bot.cases.acts import open_case_of
from bot.conversation import reports, wording
from bot.conversation.booking_hearing import hear
from bot.conversation.booking_plan import Plan, keep, open_plan
from bot.conversation.booking_steps import proceed
from bot.conversation.context import Turn
from bot.line.replies import Reply, Text
from intents.joints import Part


def remember_booking(turn: Turn, part: Part) -> None:
    """Keep a wish to book until the booking that is begun now is done or given up."""
    heard = hear(turn, Plan(intent=part.decision.intent), part.text, part.decision)
    keep(turn, heard.plan, "service")
    turn.memory.booking, turn.memory.later_booking = None, turn.memory.booking


def give_up(turn: Turn) -> None:
    """What is open is open no more; what waits behind it is taken up."""
    if turn.memory.booking is None:
        turn.memory.report_intent = None
    turn.memory.booking, turn.memory.asking = None, None


def report_interrupted(turn: Turn, before: str | None) -> None:
    """Keep the report `before` that was being asked for its place when the turn began, whatever the turn did."""
    if before is None:
        return
    if turn.memory.report_intent is None:
        turn.memory.report_intent = before
    elif turn.memory.report_intent != before:
        turn.memory.later_report = before
    elif turn.memory.asking == "report":
        turn.memory.asking = None  # it was not answered: it is asked again


def take_up(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """The replies and, where nothing is open any more, what has waited: the second booking, then the report."""
    if not replies or not turn.private or turn.conversation.state == "held":
        return replies
    if turn.conversation.state == "waiting":
        return _hand_in_reports(turn, replies)
    if turn.memory.booking is not None or turn.memory.asking is not None:
        return replies
    if turn.memory.later_booking is not None:
        turn.memory.booking, turn.memory.later_booking = turn.memory.later_booking, None
        plan = open_plan(turn)
        intent = turn.intent(plan.intent) if plan else None
        if plan is not None and intent is not None:
            return [*replies, *proceed(turn, replace(plan, asked=None), wording.NEXT_BOOKING.format(name=intent.name))]
    return _ask_for_report(turn, replies)


def _ask_for_report(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """The question for the place of the report that was interrupted, or of the next one."""
    question = wording.REPORT_STILL
    if turn.memory.report_intent is None:
        turn.memory.report_intent, turn.memory.later_report = turn.memory.later_report, None
        question = wording.NEXT_REPORT
    intent = turn.intent(turn.memory.report_intent)
    return reports.ask_for_place(turn, replies, question.format(name=intent.name)) if intent else replies


def _hand_in_reports(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """The citizen waits for a person: reports that are asked for no more go to the officers without a place."""
    case = open_case_of(turn.session, turn.conversation.id)
    if turn.memory.asking == "report" or (case is not None and case.urgent):
        return replies  # what comes after a cry for help belongs to it
    waiting = (turn.intent(turn.memory.report_intent), turn.intent(turn.memory.later_report))
    turn.memory.later_report = None
    told = [reports.open_as_it_is(turn, intent) for intent in waiting if intent is not None]
    if not told:
        return replies
    last = replies[-1]
    return [*replies[:-1], replace(last, buttons=()), Text("\n".join(told), last.buttons)]
