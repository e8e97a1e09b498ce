"""When the reader is not asked: it failed too often just now, or the day's budget is used up. Shared by threads."""

import threading
from dataclasses import dataclass, field
from datetime import date

FAILURES_IN_A_ROW = 5
PAUSE_SECONDS = 30.0


@dataclass
class Breaker:
    """Opens after so many failures in a row; after a pause one question goes through as a try. `now` counts seconds."""

    _failures: int = 0
    _rests_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lets_through(self, now: float) -> bool:
        """Whether a question may go out now; while it fails, one each pause."""
        with self._lock:
            if self._failures < FAILURES_IN_A_ROW:
                return True
            if now < self._rests_until:
                return False
            self._rests_until = now + PAUSE_SECONDS
            return True

    def note(self, *, well: bool, now: float) -> None:
        """How a question went."""
        with self._lock:
            self._failures = 0 if well else self._failures + 1
            if self._failures >= FAILURES_IN_A_ROW:
                self._rests_until = now + PAUSE_SECONDS


@dataclass
class Budget:
    """How many questions a day this process may still ask."""

    a_day: int
    _day: date | None = None
    _asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, today: date) -> bool:
        """Take one question of today's; False when they are used up."""
        with self._lock:
            if today != self._day:
                self._day, self._asked = today, 0
            if self._asked >= self.a_day:
                return False
            self._asked += 1
            return True
