"""Imports go one way, and only the edges touch the database's transactions and the clock (DESIGN.md, "Rooms")."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# A room may import rooms of its own floor and of lower floors. The first prefix that fits a module tells its floor.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("bot.settings", "bot.clock", "bot.telemetry"),
    ("bot.storage",),
    ("bot.line.events", "bot.line.limits", "bot.line.replies", "bot.line.render", "bot.messages", "bot.people"),
    ("bot.line.client", "bot.bookings", "bot.cases", "bot.catalogue", "bot.reader"),
    ("bot.conversation", "bot.reports"),
    ("bot.web", "bot.worker", "bot.chores", "bot.cli", "bot.demo", "bot.seed", "bot.talk", "bot.bench", "bot.stand_in"),
)
# Modules that exist to name every table or every starting point of something.
REGISTERS = ("bot.storage.tables", "bot.storage.migrations", "bot.catalogue.offline")
EDGES = ("bot.web", "bot.worker", "bot.chores", "bot.cli", "bot.demo", "bot.seed", "bot.talk", "bot.bench")
EDGES += ("bot.catalogue.indexes", "bot.catalogue.publishing", "bot.storage", "bot.clock", "bot.stand_in")
EDGES += ("bot.reader.desk",)
A_LIFE = "bot.messages.claims"  # a worker's own row is not part of any act


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """(dotted name, parsed source) of every module."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield dotted, ast.parse(path.read_text())


def imports(tree: ast.Module) -> Iterator[str]:
    """Every imported name, dotted, wherever in the module it is imported; types-only imports count too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, *prefixes: str) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def floor(name: str) -> int | None:
    found = [at for at, rooms in enumerate(FLOORS) if within(name, *rooms)]
    return found[0] if found else None


def calls(tree: ast.Module) -> Iterator[str]:
    """The last name of everything that is called, as `transaction` or `now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield f"{owner.id}.{node.func.attr}" if isinstance(owner, ast.Name) else node.func.attr


def test_knowledge_knows_no_intents_and_intents_no_bot() -> None:
    wrong = [
        f"{name} imports {used}"
        for name, tree in modules("knowledge", "intents")
        for used in imports(tree)
        if within(used, "bot") or (within(name, "knowledge") and within(used, "intents"))
    ]
    assert wrong == []


def test_rooms_of_the_bot_import_only_lower_ones() -> None:
    wrong = []
    for name, tree in modules("bot"):
        ours = floor(name)
        if ours is None or within(name, *REGISTERS):
            continue
        for used in imports(tree):
            theirs = floor(used)
            if theirs is not None and theirs > ours:
                wrong.append(f"{name} imports {used}")
    assert wrong == []


def test_every_module_of_the_bot_has_a_floor() -> None:
    assert [
        name for name, _tree in modules("bot") if name != "bot" and "line" not in name and floor(name) is None
    ] == []


def test_only_the_edges_open_transactions() -> None:
    allowed = (*EDGES, A_LIFE)
    wrong = [
        name
        for name, tree in modules("bot")
        if not within(name, *allowed) and {"transaction", "engine.transaction"} & set(calls(tree))
    ]
    assert wrong == []


def test_only_the_edges_read_the_clock() -> None:
    clocks = {"utc_now", "clock.utc_now", "datetime.now", "datetime.today", "date.today", "time.time"}
    clocks |= {"datetime.utcnow", "func.now", "localtime", "time.localtime"}
    wrong = [
        f"{name}: {', '.join(sorted(read))}"
        for name, tree in modules("bot", "intents", "knowledge")
        if not within(name, *EDGES) and (read := clocks & set(calls(tree)))
    ]
    assert wrong == []


def test_scikit_learn_is_used_only_to_train() -> None:
    users = [
        n for n, tree in modules("bot", "intents", "knowledge") for used in imports(tree) if within(used, "sklearn")
    ]
    assert set(users) <= {"intents.build", "intents.evaluation.public_methods"}


def test_lines_sdk_is_used_only_to_send() -> None:
    users = {
        n for n, tree in modules("bot", "intents", "knowledge") for used in imports(tree) if within(used, "linebot")
    }
    assert {name for name in users if not within(name, "bot.line.client", "bot.bench")} == set()


def test_the_stand_in_imports_nothing_of_the_bot_and_nothing_of_the_bot_needs_it() -> None:
    wrong = []
    for name, tree in modules("bot"):
        for used in imports(tree):
            inside = within(name, "bot.stand_in")
            if inside and within(used, "bot") and not within(used, "bot.stand_in"):
                wrong.append(f"{name} imports {used}")
            if not inside and within(used, "bot.stand_in") and not within(name, "bot.demo", "bot.bench"):
                wrong.append(f"{name} imports {used}")
    assert wrong == []


def test_the_rules_can_fail() -> None:
    """What the rules look at is really found in a module that breaks them."""
    tree = ast.parse(
        "from bot.web import desk\ndef f():\n    import sklearn.svm\n    utc_now()\n    with transaction(e): pass"
    )
    assert {"bot.web.desk", "sklearn.svm"} <= set(imports(tree))
    assert {"utc_now", "transaction"} <= set(calls(tree))
    assert (floor("bot.web.desk"), floor("bot.storage.engine"), floor("bot.line")) == (5, 1, None)
