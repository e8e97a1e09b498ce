"""The matcher of a catalogue named on the command line: a published version of the database, or a pack's folder."""

import os
import sys
from pathlib import Path

import sqlalchemy as sa
from tqdm import tqdm

from bot.catalogue.indexes import index_for
from bot.catalogue.store import current_version, read_catalogue
from bot.storage.engine import make_engine, reading
from intents.understand import Matcher
from knowledge.files import PackError, load_pack
from knowledge.model import Pack


class NoSuchCatalogue(ValueError):
    """There is no catalogue of this name; the text says what to write."""


def named_matcher(name: str) -> Matcher:
    """The matcher of version `name` (a number) of the database DATABASE_URL, or of the pack in the folder `name`.

    Trained by today's recipe when this machine's cache has no index of its phrases, so that two catalogues differ by what
    they know only. Raises NoSuchCatalogue.
    """
    pack = _published(int(name)) if name.isdecimal() else _in_folder(Path(name))
    with tqdm(total=100, desc=f"index of {name}", unit="%", leave=False, file=sys.stderr, delay=0.5) as bar:
        return Matcher(pack, index_for(pack, lambda percent: bar.update(percent - bar.n)))


def _published(version: int) -> Pack:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise NoSuchCatalogue(f"version {version}: set DATABASE_URL to the database it was published in")
    try:
        engine = make_engine(url)
        with reading(engine) as session:
            newest = current_version(session)
            if not 1 <= version <= newest:
                raise NoSuchCatalogue(f"version {version}: the database has the versions 1 to {newest}")
            return read_catalogue(session, version)
    except NoSuchCatalogue:
        raise
    except (sa.exc.SQLAlchemyError, OSError, ValueError) as error:
        raise NoSuchCatalogue(f"version {version}: the database cannot be read ({type(error).__name__})") from error


def _in_folder(folder: Path) -> Pack:
    if not (folder / "intents").is_dir():
        raise NoSuchCatalogue(f"{folder}: write a version's number, or a folder that has a folder `intents` in it")
    try:
        pack = load_pack(folder)
    except PackError as error:
        raise NoSuchCatalogue(f"{folder}: {error}") from error
    if not pack.intents:
        raise NoSuchCatalogue(f"{folder}: there is no intent in it")
    return pack
