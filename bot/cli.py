"""The command `bot`: one function a subcommand; heavy imports happen inside them, so that each starts quickly."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.clock import BANGKOK, utc_now

WORKER_NICE = 10  # the door goes first: LINE waits two seconds for it, a citizen can wait a moment for the answer


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a subcommand; `bot --help` lists them."""
    options = _parser().parse_args(arguments)
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bot", description="A LINE service desk for Thai government service centres")
    commands = parser.add_subparsers(required=True, metavar="command")

    run = commands.add_parser("run", help="try it out: web, worker and a stand-in for LINE on 127.0.0.1, no settings")
    run.add_argument("--port", type=int, default=8000)
    run.set_defaults(run=_run)

    migrate = commands.add_parser(
        "migrate", help="bring the database to the newest schema, load the starter pack if empty"
    )
    migrate.add_argument("--demo", action="store_true", help="add the demo centre to an empty database")
    migrate.set_defaults(run=_migrate)

    commands.add_parser("worker", help="take turns and send answers until stopped").set_defaults(run=_worker)

    understand = commands.add_parser("understand", help="what the bot understands of lines of text, as JSON lines")
    understand.add_argument("text", nargs="*", help="texts; without any, lines of standard input")
    understand.add_argument("--jsonl", action="store_true", help='standard input has lines of {"text", "now"}')
    understand.set_defaults(run=_understand)

    evaluate = commands.add_parser("evaluate", help="how right the matcher is on a file of questions")
    evaluate.add_argument("file", type=Path, help="CSV with the columns text,intent (oos: none fits) and perhaps voice")
    evaluate.add_argument("--json", action="store_true", help="for machines")
    evaluate.set_defaults(run=_evaluate)

    commands.add_parser("talk", help="hold a conversation in the terminal").set_defaults(run=_talk)

    bench = commands.add_parser("bench", help="measure a whole installation against yardsticks, in one run")
    bench.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    bench.add_argument("--seconds", type=int, default=10, help="length of each measured load")
    bench.set_defaults(run=_bench)
    return parser


def _run(options: argparse.Namespace) -> None:
    from bot.demo import run

    run(options.port)


def _migrate(options: argparse.Namespace) -> None:
    from bot.demo import prepare
    from bot.settings import load_settings
    from bot.storage.engine import make_engine
    from bot.storage.types import use_data_keys

    settings = load_settings()
    use_data_keys(settings.data_key)
    for login, password in prepare(make_engine(settings.database_url), demo=options.demo).items():
        print(f"{login} {password}")


def _worker(_options: argparse.Namespace) -> None:
    from bot.settings import LINE_API, load_settings
    from bot.storage.engine import make_engine
    from bot.storage.types import use_data_keys
    from bot.telemetry import log, set_up_logs
    from bot.worker import Worker

    set_up_logs()
    settings = load_settings()
    use_data_keys(settings.data_key)
    if settings.line_api_base_url != LINE_API:
        log().warning("line_api_base_url.is_not_line", address=settings.line_api_base_url)
    os.nice(WORKER_NICE)
    worker = Worker(settings, make_engine(settings.database_url, pool_size=60))
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: worker.stop())
    log().info("worker.started")
    worker.run()


def _understand(options: argparse.Namespace) -> None:
    import time

    from bot.catalogue.offline import offline_matcher
    from intents.understand import understand

    matcher = offline_matcher()
    for text, now in _asked(options):
        begun = time.perf_counter()
        decision = understand(text, matcher, now)
        took = round((time.perf_counter() - begun) * 1000, 3)
        print(json.dumps({"text": text, **decision.as_json(), "took_ms": took}, ensure_ascii=False), flush=True)


def _asked(options: argparse.Namespace) -> Iterator[tuple[str, datetime]]:
    lines = options.text or (line.rstrip("\n") for line in sys.stdin)
    for number, line in enumerate(lines, 1):
        if not options.jsonl or options.text:
            yield line, utc_now()
            continue
        try:
            given = json.loads(line)
            now = datetime.fromisoformat(given["now"]) if given.get("now") else utc_now()
            yield str(given["text"]), now if now.tzinfo else now.replace(tzinfo=BANGKOK)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            sys.exit(
                f'line {number}: write {{"text": "…", "now": "2026-11-22T10:00:00+07:00"}}'
                f" ({type(error).__name__}: {error})"
            )


def _evaluate(options: argparse.Namespace) -> None:
    from bot.catalogue.offline import offline_matcher
    from intents.evaluate import QuestionsError, evaluate, read_questions, report

    try:
        questions = read_questions(options.file)
    except (OSError, QuestionsError) as error:
        sys.exit(f"{options.file}: {error}")
    result = evaluate(questions, offline_matcher(), utc_now(), progress=not options.json)
    print(json.dumps(result.as_json(), ensure_ascii=False, indent=1) if options.json else report(result))


def _talk(_options: argparse.Namespace) -> None:
    from bot.talk import talk

    talk()


def _bench(options: argparse.Namespace) -> None:
    from bot.bench.run import bench

    bench(options.database, options.seconds)
