"""The bench's pure pieces: figures, the table, the events it sends. Nothing is timed here."""

import json
import math

from bot.bench.drive import Loaded
from bot.bench.figures import Figure, Line, all_met, at_least, below, percentile, table
from bot.bench.load import Job, posts
from bot.bench.matcher import LONG, hostile
from bot.line.events import TextIn, raw_events, read_event, signature_fits


def test_percentiles_are_values_that_were_measured():
    values = [float(n) for n in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50.0
    assert percentile(values, 0.99) == 99.0
    assert percentile(values, 1.0) == 100.0
    assert math.isnan(percentile([], 0.5))


def test_the_table_shows_what_missed_its_target():
    lines = [
        Line("fast", "under 4 ms", {"sqlite": below(3.0, 4.0, "ms"), "postgresql": below(5.0, 4.0, "ms")}),
        Line("share", "at least 0.25", {"sqlite": at_least(0.25, 0.25)}),
        Line("no target", "", {"sqlite": Figure("7 events/s")}),
    ]
    head, _rule, fast, share, other = table(lines, ["sqlite", "postgresql"]).splitlines()
    assert head.split() == ["measure", "sqlite", "postgresql", "target"]
    assert "3.0 ms  met" in fast and "5.0 ms  NOT MET" in fast and fast.endswith("under 4 ms")
    assert "0.25  met" in share and " - " in share
    assert "met" not in other
    assert not all_met(lines)
    assert all_met(lines[1:])


def test_what_was_never_measured_has_not_met_its_target():
    assert below(math.nan, 1.0, "ms").met is False
    assert at_least(math.nan, 1.0).met is False


def test_an_event_without_a_200_counts_as_never_acknowledged():
    loaded = Loaded([("a", "U1", 0.0, 5.0, 200), ("b", "U2", 10.0, 5.0, 0)], [])
    assert loaded.acks_ms == [5.0, math.inf]
    assert loaded.ack(0.99) == math.inf


def test_the_events_are_ones_that_our_webhook_takes(now):
    job = Job(port=1, secret="secret", texts=["บัตรหาย"], seconds=1.0, result="", name="load1", citizens=0)
    sent = list(posts(job, 3))
    for post in sent:
        head, _, body = post.request.partition(b"\r\n\r\n")
        signature = head.decode().split("x-line-signature: ")[1].splitlines()[0]
        assert signature_fits(body, signature, ("secret",))
        (raw,) = raw_events(body)
        event = read_event(raw, now)
        assert event.content == TextIn("บัตรหาย")
        assert event.reply_token == post.token and event.source_ref == post.citizen
        assert json.loads(body)["events"][0]["mode"] == "active"
    assert len({post.citizen for post in sent}) == 3


def test_hostile_texts_are_as_long_as_a_message_may_be():
    assert {len(text) for text in hostile().values()} == {LONG}
