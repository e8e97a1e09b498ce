"""Understanding with the reader's help, one question after another, for evaluation: no budget, no breaker, no citizen."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.reader.client import Reader
from bot.reader.values import Outcome, Question, Verdict, apply, question_for
from bot.settings import ReaderSettings
from intents.understand import Decision, Matcher, understand


@dataclass
class Trial:
    """How often the reader was asked so far, and how that ended."""

    _reader: Reader
    _runner: asyncio.Runner
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def understand(self, text: str, matcher: Matcher, now: datetime) -> Decision:
        """What intents.understand finds; where a turn would ask the reader, his choice counts as sure."""
        decision = understand(text, matcher, now)
        question = question_for(text, decision, matcher)
        if question is None:
            return decision
        verdict = self._ask(question)
        self.outcomes[verdict.outcome] += 1
        return apply(verdict, question, decision, text, matcher)

    def _ask(self, question: Question) -> Verdict:
        return self._runner.run(self._reader.read(question))


@contextmanager
def trial(settings: ReaderSettings) -> Iterator[Trial]:
    """A trial of the reader in `settings`, which have an address."""
    reader = Reader(settings)
    with asyncio.Runner() as runner:
        yield Trial(reader, runner)
        runner.run(reader.close())
