"""Logs with ids and codes only, never a citizen's words; and counters for Prometheus."""

import logging
import sys

import structlog
from prometheus_client import Counter, Histogram

EVENTS = Counter("desk_events_total", "Events handled", ["outcome"])
DELIVERIES = Counter("desk_deliveries_total", "Requests to LINE", ["outcome"])
READER = Counter("desk_reader_total", "Questions to the second reader", ["outcome"])
TURN_SECONDS = Histogram(
    "desk_turn_seconds", "Time a turn takes", buckets=(0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.5, 2)
)


def set_up_logs(level: str = "INFO") -> None:
    """Structured lines on standard error for the whole process."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(message)s")
    logging.getLogger("linebot").setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings quote addresses with ids
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def log() -> structlog.stdlib.BoundLogger:
    """The process's logger: `log().info("turn.done", event_id=12)`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger()
    return logger
