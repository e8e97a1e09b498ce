"""Building an index in a child process, with progress; finding one that was built before."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bot.catalogue.store import current_version, index_of
from bot.catalogue.tables import IndexBuild
from bot.storage.engine import reading, transaction
from intents.encoder import chosen_encoder
from intents.index import Index, load, recipe
from knowledge.files import phrases_hash, training_rows
from knowledge.model import Pack

Tell = Callable[[int], object]


class BuildFailed(RuntimeError):
    """The child process that builds an index ended with an error; the text is the end of what it printed."""


def build_index(pack: Pack, tell: Tell) -> bytes:
    """The index of `pack`, trained in a child process; `tell` hears the progress in percent."""
    encoder = chosen_encoder()
    folder = str(encoder.folder) if encoder is not None else ""
    given = json.dumps({"key": phrases_hash(pack), "rows": training_rows(pack), "encoder": folder})
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "index.npz"
        with (Path(folder) / "errors").open("w+b") as errors:
            child = subprocess.Popen(
                [sys.executable, "-m", "intents.build", str(made)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=Path(__file__).parents[2],
                text=True,
            )
            assert child.stdin is not None and child.stdout is not None
            child.stdin.write(given)
            child.stdin.close()
            for line in child.stdout:
                tell(int(line))
            if child.wait() != 0:
                errors.seek(0)
                raise BuildFailed(errors.read()[-800:].decode("utf-8", "replace"))
        return made.read_bytes()


def ensure_built(engine: sa.Engine, pack: Pack, now: datetime, tell: Tell) -> None:
    """Build and keep the index of `pack` in the database unless one of the same phrases and recipe is there."""
    key = phrases_hash(pack)
    with reading(engine) as session:
        kept = session.get(IndexBuild, key)
        if kept is not None and kept.recipe == recipe(chosen_encoder()):
            return
    content = cached_index(pack, tell)
    with transaction(engine) as session:
        session.merge(IndexBuild(phrases_hash=key, recipe=recipe(chosen_encoder()), content=content, built_at=now))


def check_index(engine: sa.Engine) -> None:
    """Load the index citizens are answered from, if there is one, as a worker will; raises EncoderError, OtherEncoder."""
    with reading(engine) as session:
        version = current_version(session)
        if version:
            load(index_of(session, version), chosen_encoder())


def cached_index(pack: Pack, tell: Tell) -> bytes:
    """The index of `pack` from the cache folder of this machine, built when it is not there."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "line-service-desk"
    kept = folder / f"{phrases_hash(pack)}-{recipe(chosen_encoder())}.npz"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second finds what the first has built
        try:
            content = kept.read_bytes()
            load(content, chosen_encoder())
        except (OSError, ValueError):
            content = build_index(pack, tell)
            part = kept.with_suffix(".part")
            part.write_bytes(content)
            part.replace(kept)
    return content


def index_for(pack: Pack, tell: Tell) -> Index:
    """The index of `pack` for a command without a database."""
    return load(cached_index(pack, tell), chosen_encoder())
