"""The command `bot`: one function a subcommand; heavy imports happen inside them, so that each starts quickly."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import BANGKOK, utc_now

if TYPE_CHECKING:
    from intents.evaluation.judge import Judged
    from intents.evaluation.questions import Question

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
    understand.add_argument(
        "--explain", action="store_true", help="and why: nearest phrases, deciding features, thresholds"
    )
    understand.set_defaults(run=_understand)

    evaluate = commands.add_parser(
        "evaluate", help="how right the matcher is on a file of questions, or on public data"
    )
    evaluate.add_argument(
        "file", type=Path, nargs="?", help="CSV with the columns text,intent (oos: none fits) and perhaps voice"
    )
    evaluate.add_argument("--json", action="store_true", help="for machines")
    evaluate.add_argument("--chart", type=Path, metavar="SVG", help="draw coverage, precision and reliability there")
    evaluate.add_argument(
        "--compare",
        nargs=2,
        metavar=("A", "B"),
        help="what changes from catalogue A to B: versions of the database DATABASE_URL, or folders of packs",
    )
    evaluate.add_argument(
        "--public", type=Path, metavar="DIR", help="the same recipe beside others on the public data sets in DIR"
    )
    evaluate.add_argument("--reader", action="store_true", help="what the second reader at READER_URL adds")
    evaluate.set_defaults(run=_evaluate, parser=evaluate)

    commands.add_parser("talk", help="hold a conversation in the terminal").set_defaults(run=_talk)

    bench = commands.add_parser("bench", help="measure a whole installation against yardsticks, in one run")
    bench.add_argument(
        "part",
        nargs="?",
        choices=("installation", "understand"),
        default="installation",
        help="understand: the matcher alone, with up to 100,000 local articles",
    )
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
    from bot.catalogue.indexes import check_index
    from bot.settings import LINE_API, load_settings
    from bot.storage.engine import make_engine
    from bot.storage.types import use_data_keys
    from bot.telemetry import log, set_up_logs
    from bot.worker import Worker
    from intents.index import OtherEncoder

    set_up_logs()
    settings = load_settings()
    use_data_keys(settings.data_key)
    if settings.line_api_base_url != LINE_API:
        log().warning("line_api_base_url.is_not_line", address=settings.line_api_base_url)
    os.nice(WORKER_NICE)
    engine = make_engine(settings.database_url, pool_size=60)
    try:
        check_index(engine)
    except OtherEncoder as error:
        sys.exit(str(error))
    worker = Worker(settings, engine)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: worker.stop())
    log().info("worker.started")
    worker.run()


def _understand(options: argparse.Namespace) -> None:
    import time

    from bot.catalogue.offline import offline_matcher
    from intents.explain import explain
    from intents.understand import understand

    matcher = offline_matcher()
    for text, now in _asked(options):
        begun = time.perf_counter()
        found = (explain if options.explain else understand)(text, matcher, now).as_json()
        took = round((time.perf_counter() - begun) * 1000, 3)
        print(json.dumps({"text": text, **found, "took_ms": took}, ensure_ascii=False), flush=True)


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
    if (options.file is None) == (options.public is None):
        options.parser.error("name a file of questions, or --public DIR")
    if options.public is not None:
        if options.chart or options.compare or options.reader:
            options.parser.error("--chart, --compare and --reader need a file of questions")
        _evaluate_public(options)
        return
    from bot.catalogue.indexes import BuildFailed
    from bot.catalogue.named import NoSuchCatalogue, named_matcher
    from bot.catalogue.offline import offline_matcher
    from intents.evaluation.judge import evaluate
    from intents.evaluation.questions import QuestionsError, read_questions

    try:
        questions = read_questions(options.file)
    except (OSError, QuestionsError) as error:
        sys.exit(f"{options.file}: {error}")
    if options.reader:
        _evaluate_reader(options, questions)
        return
    names = options.compare or ("",)
    try:
        matchers = [named_matcher(name) if name else offline_matcher() for name in names]
    except (NoSuchCatalogue, BuildFailed) as error:
        sys.exit(f"bot evaluate: {error}")
    judged = [
        evaluate(questions, matcher, utc_now(), progress=not options.json, name=name)
        for matcher, name in zip(matchers, names, strict=True)
    ]
    _print_evaluation(options, names, judged)


def _print_evaluation(options: argparse.Namespace, names: Sequence[str], judged: "list[list[Judged]]") -> None:
    from intents.evaluation.compare import compare
    from intents.evaluation.report import as_json, comparison_json, comparison_report, report

    if options.chart:
        from intents.evaluation.charts import evaluation_chart

        options.chart.write_text(evaluation_chart(list(zip(names, judged, strict=True))), encoding="utf-8")
    if len(judged) == 2:
        comparison = compare(*judged)
        found, text = comparison_json(comparison), comparison_report(comparison, *names)
    else:
        found, text = as_json(judged[0]), report(judged[0])
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else text)


def _evaluate_reader(options: argparse.Namespace, questions: "Sequence[Question]") -> None:
    from bot.catalogue.offline import offline_matcher
    from bot.reader.trial import trial
    from bot.settings import load_reader_settings
    from intents.evaluation.judge import evaluate

    if options.compare:
        options.parser.error("--reader compares by itself: with and without the reader")
    settings = load_reader_settings()
    if not settings.reader_url:
        sys.exit("bot evaluate: set READER_URL and READER_MODEL to the reader that is to be tried")
    matcher, now, shows = offline_matcher(), utc_now(), not options.json
    names = ("without the reader", "with the reader")
    with trial(settings) as tried:
        alone = evaluate(questions, matcher, now, progress=shows, name=names[0])
        helped = evaluate(questions, matcher, now, progress=shows, name=names[1], decide=tried.understand)
    _print_evaluation(options, names, [alone, helped])
    ends = ", ".join(f"{outcome} {count}" for outcome, count in tried.outcomes.most_common())
    print(f"\nThe reader was asked {tried.outcomes.total()} times: {ends or 'never'}", file=sys.stderr)


def _evaluate_public(options: argparse.Namespace) -> None:
    from intents.evaluation.public import evaluate_public, public_report
    from intents.evaluation.public_data import PublicDataError

    try:
        tables = evaluate_public(options.public, progress=not options.json)
    except PublicDataError as error:
        sys.exit(f"bot evaluate: {error}")
    print(
        json.dumps([t.as_json() for t in tables], ensure_ascii=False, indent=1)
        if options.json
        else public_report(tables)
    )


def _talk(_options: argparse.Namespace) -> None:
    from bot.talk import talk

    talk()


def _bench(options: argparse.Namespace) -> None:
    if options.part == "understand":
        from bot.bench.understanding import bench_understanding

        bench_understanding()
        return
    from bot.bench.run import bench

    bench(options.database, options.seconds)
