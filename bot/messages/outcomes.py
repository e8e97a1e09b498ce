"""How a request to LINE went: what the client says, and the outbox acts upon."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """LINE took it (200), or had taken it already (409)."""

    request_ref: str | None


@dataclass(frozen=True)
class TokenInvalid:
    """400 Invalid reply token."""

    request_ref: str | None


@dataclass(frozen=True)
class RateLimited:
    """429 for too many requests: not accepted, try again."""

    request_ref: str | None


@dataclass(frozen=True)
class MonthlyLimit:
    """429 You have reached your monthly limit: not accepted; a reply is still free."""

    request_ref: str | None


@dataclass(frozen=True)
class Refused:
    """Another 4xx: the same request will never be accepted."""

    status: int
    request_ref: str | None


@dataclass(frozen=True)
class Unclear:
    """No answer, or a 5xx: it may or may not have arrived."""

    reason: str
    status: int | None = None


Outcome = Accepted | TokenInvalid | RateLimited | MonthlyLimit | Refused | Unclear
