"""Judged questions made by hand."""

from intents.evaluation.judge import Judged, judge
from intents.evaluation.questions import Question
from intents.index import Candidate
from intents.understand import Decision, Kinds

LOST, RENEW, LOAN = "id_card_lost", "driving_licence_renew", "elsewhere:student_loan"


def asked(intent: str, told: Kinds, *first: str, score: float = 0.9, text: str = "บัตรหาย", voice: str = "") -> Judged:
    """A question for `intent` on which the matcher decided `told`, its choices in order."""
    candidates = tuple(Candidate(name, score - 0.01 * at) for at, name in enumerate(first))
    decision = Decision(told, first[0] if first else None, score if first else 0.0, candidates)
    return judge(Question(text, intent, voice), decision)
