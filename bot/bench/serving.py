"""A process that understands citizens' questions, with the local articles of the office they write to; started by
understanding.py as python -m bot.bench.serving INDEX STORE (- for none). Prints its progress in percent, then one JSON object."""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.bench.local_store import Store
from bot.bench.matcher import measure, questions
from bot.bench.processes import memory_mb
from bot.clock import utc_now
from intents.encoder import chosen_encoder
from intents.features import features
from intents.index import load
from intents.local import PREFIX, Blocks, can_be_local, load_block, with_local
from intents.understand import Decision, Matcher, understand
from knowledge.files import starter_pack

TURNS = 6000
WARM_UP = 200
LOADED = 300  # blocks whose loading is timed


def main() -> None:
    """Measure as the arguments say."""
    index_file, store = Path(sys.argv[1]), sys.argv[2]
    begun = time.perf_counter()
    features("สวัสดี")
    cutter_ms = (time.perf_counter() - begun) * 1000
    begun = time.perf_counter()
    index = load(index_file.read_bytes(), chosen_encoder())
    index_ms = (time.perf_counter() - begun) * 1000
    matcher = Matcher(starter_pack(), index)
    found = measure(matcher, _tell) if store == "-" else serve(matcher, Store(Path(store)))
    spent = {"cutter_ms": cutter_ms, "index_ms": index_ms, "memory_mb": memory_mb(os.getpid())}
    print(json.dumps({**found, **spent}), flush=True)


def serve(matcher: Matcher, store: Store) -> dict[str, object]:
    """Every other question about a local article at its office, the others national ones asked at any office."""
    blocks = Blocks()

    def turn(owner: str, text: str) -> Decision:
        decision = understand(text, matcher, utc_now())
        key = store.key(owner) if can_be_local(decision, text) else None
        return with_local(decision, text, matcher.index, [blocks.get(key, store.content)]) if key else decision

    asked = list(_asked(store))
    for owner, _article, text in asked[:WARM_UP]:
        turn(owner, text)
    took, ends = [], Counter[str]()
    for number, (owner, article, text) in enumerate(asked[WARM_UP:]):
        if number % (TURNS // 100) == 0:
            _tell(100 * number // TURNS)
        begun = time.perf_counter()
        decision = turn(owner, text)
        took.append((time.perf_counter() - begun) * 1000)
        ends[_end(decision, article)] += 1
    return {"ms": took, "ends": ends, "load_ms": [_load_ms(store, key) for key in store.keys(LOADED)]}


def _asked(store: Store) -> Iterator[tuple[str, str, str]]:
    """(office, article or "", text)."""
    draw = random.Random(5)
    offices, national, local = store.offices(), questions(), store.questions()
    for number in range(TURNS + WARM_UP):
        yield draw.choice(local) if local and number % 2 else (draw.choice(offices), "", draw.choice(national))


def _end(decision: Decision, article: str) -> str:
    """What became of a question about `article` ("": about none)."""
    whose = "local" if article else "national"
    if decision.kind == "answer" and (decision.intent or "").startswith(PREFIX):
        return f"{whose}: answered, {'right' if decision.intent == PREFIX + article else 'wrong'}"
    if decision.kind not in ("clarify", "unknown"):
        return f"{whose}: left to the national matcher"
    offered = any(one.intent == PREFIX + article for one in decision.candidates)
    return f"{whose}: asked back, {'right one offered' if offered else 'not offered'}"


def _tell(percent: int) -> None:
    print(percent, flush=True)


def _load_ms(store: Store, key: str) -> float:
    begun = time.perf_counter()
    load_block(store.content(key))
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
