"""What goes wrong at LINE when a test or the page asks for it?"""

import threading
from dataclasses import dataclass, replace
from typing import Any, Literal

Trouble = Literal["fail", "lose", "rate"]


@dataclass(frozen=True)
class FaultSettings:
    """Which troubles are switched on. The counts are of replies and pushes only, and run down by themselves.

    `delay_seconds`: every call waits so long before it is looked at. `fail_next`, `fail_all`: 500, nothing delivered.
    `lose_next`, `lose_all`: delivered, then after `lose_after_seconds` the connection is closed without an answer.
    `rate_limit_next`, `rate_limit_all`: 429. `only` narrows all of it to paths that contain it, as "/push".
    """

    delay_seconds: float = 0.0
    fail_next: int = 0
    fail_all: bool = False
    lose_next: int = 0
    lose_all: bool = False
    lose_after_seconds: float = 0.0
    rate_limit_next: int = 0
    rate_limit_all: bool = False
    only: str = ""


class Faults:
    """The switches, shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings = FaultSettings()

    def set(self, **changes: Any) -> None:
        """The named settings changed, the others as they were; TypeError for an unknown name."""
        with self._lock:
            self._settings = replace(self._settings, **changes)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._settings = FaultSettings()

    @property
    def settings(self) -> FaultSettings:
        """What is switched on now, with the counts that are left."""
        return self._settings

    def delay_seconds(self, path: str) -> float:
        """How long a call of `path` waits."""
        settings = self._settings
        return settings.delay_seconds if settings.only in path else 0.0

    def take(self, path: str, *, is_send: bool) -> Trouble | None:
        """The trouble for this call, one count used up; rate first, then failure, then loss. Lost calls are sends only."""
        with self._lock:
            now = self._settings
            if now.only not in path:
                return None
            if now.rate_limit_all:
                return "rate"
            if is_send and now.rate_limit_next:
                self._settings = replace(now, rate_limit_next=now.rate_limit_next - 1)
                return "rate"
            if now.fail_all:
                return "fail"
            if is_send and now.fail_next:
                self._settings = replace(now, fail_next=now.fail_next - 1)
                return "fail"
            if is_send and now.lose_all:
                return "lose"
            if is_send and now.lose_next:
                self._settings = replace(now, lose_next=now.lose_next - 1)
                return "lose"
            return None
