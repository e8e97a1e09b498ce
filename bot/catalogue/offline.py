"""The starter pack's matcher, for commands that need no settings and no database."""

import sys

from tqdm import tqdm

from bot.catalogue.indexes import index_for
from intents.understand import Matcher
from knowledge.files import starter_pack


def offline_matcher() -> Matcher:
    """The matcher; built on first use with progress on standard error, then read from the cache."""
    pack = starter_pack()
    with tqdm(total=100, desc="building the index", unit="%", leave=False, file=sys.stderr, delay=0.5) as bar:
        return Matcher(pack, index_for(pack, lambda percent: bar.update(percent - bar.n)))
