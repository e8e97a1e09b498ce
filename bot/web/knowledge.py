"""The knowledge pages: the list, the editor with its preview, publishing and the published versions."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.catalogue.changes import changes_of
from bot.catalogue.drafts import Conflict, DraftChanged, PublishedMeanwhile, begin_version, discard_draft, save_draft
from bot.catalogue.entries import ELSEWHERE, Listed, NoSuchEntry, agencies, list_all, listed
from bot.catalogue.forms import LINKS, VOICES, Fault, day_text, read_form, typed_of
from bot.catalogue.history import versions
from bot.catalogue.publishing import NotAsSeen, PublishRefused, request_publish
from bot.catalogue.store import current_version
from bot.catalogue.tables import PublishJob
from bot.line.limits import LABEL_SIGNS, cut_signs
from bot.storage.engine import reading, transaction
from bot.web import knowledge_wording as wording
from bot.web.access import allow, may_use
from bot.web.knowledge_view import Filters, all_changes, cards_of, line_faults, lines_of, needs_training
from bot.web.site import signed_in, site, visitor
from knowledge.model import FACETS, Intent

blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge")

PUBLISH_TRIES = 3


@blueprint.app_template_filter("thai_day_of")
def thai_day_of(day: date) -> str:
    """A day on a page."""
    return clock.thai_date(day)


@blueprint.app_template_filter("facet_name")
def facet_name(text: str) -> str:
    """The name of a facet for its id; any other text as it is."""
    return wording.FACET_NAMES.get(text, text)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": wording,
        "may_edit": (who := visitor()) is not None and may_use("knowledge.save", who.role),
        "cut_label": lambda label: cut_signs(label, LABEL_SIGNS),
        "facets": FACETS,
        "voices": VOICES,
        "link_numbers": range(1, LINKS + 1),
        "elsewhere": ELSEWHERE,
    }


@blueprint.get("/")
@allow("admin", "supervisor", "auditor")
def articles() -> str:
    """The list of all entries, searched and filtered."""
    filters = Filters(*(request.args.get(name, "")[:200] for name in ("q", "agency", "state")))
    with reading(site().engine) as session:
        items, known = list_all(session), agencies(session)
    lines = lines_of(items, known, filters, _today())
    drafts = sum(item.draft is not None for item in items)
    return render_template(
        "knowledge/articles.html", lines=lines, filters=filters, agencies=known, count=len(items), drafts=drafts
    )


@blueprint.get("/articles/<key>")
@allow("admin", "supervisor", "auditor")
def article(key: str) -> str:
    """The editor of one entry; for those who may not edit, the same to read."""
    with reading(site().engine) as session:
        item = _item(session, key)
        return _editor(session, item, typed_of(item.entry), base=begin_version(session, key))


@blueprint.post("/articles/<key>/draft")
@allow("admin")
def save(key: str) -> ResponseReturnValue:
    """Keep what was typed as the draft; faults and conflicts come back with everything that was typed."""
    typed = request.form.to_dict()
    base, seen = request.form.get("base_version", 0, int), request.form.get("seen", "")
    with reading(site().engine) as session:
        item = _item(session, key)
        read = read_form(item.entry, typed)
        faults = read.faults or tuple(line_faults(cards_of(read.entry, agencies(session), _today())))
        if faults:
            return _editor(session, item, typed, base=base, seen=seen, faults=faults), 422
    try:
        with transaction(site().engine) as session:
            draft = save_draft(
                session, read.entry, base_version=base, seen=seen, staff_id=signed_in().id, now=clock.utc_now()
            )
    except Conflict as conflict:
        with reading(site().engine) as session:
            item, current = _item(session, key), current_version(session)
            return _editor(session, item, typed, base=current, conflict=conflict), 409
    flash(wording.SAVED if draft else wording.SAME_AS_PUBLISHED, "success")
    if draft and request.form.get("then") == "publish":
        return redirect(url_for("knowledge.publish", key=key), 303)
    return redirect(url_for("knowledge.article", key=key), 303)


@blueprint.post("/articles/<key>/discard")
@allow("admin")
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft away; the page offers it back."""
    with transaction(site().engine) as session:
        thrown = _item(session, key).draft
        try:
            discard_draft(session, key, seen=request.form.get("seen", ""), staff_id=signed_in().id, now=clock.utc_now())
        except Conflict as conflict:
            flash(wording.DISCARD_CHANGED if isinstance(conflict, DraftChanged) else _what(conflict), "warning")
            return redirect(url_for("knowledge.article", key=key), 303)
    if thrown is None:
        return redirect(url_for("knowledge.article", key=key), 303)
    with reading(site().engine) as session:
        item = _item(session, key)
        return _editor(
            session, item, typed_of(item.entry), base=begin_version(session, key), thrown=typed_of(thrown.entry)
        )


@blueprint.post("/articles/<key>/preview")
@allow("admin")
def preview(key: str) -> str:
    """The cards of what is being typed, as a piece of a page."""
    with reading(site().engine) as session:
        read = read_form(_item(session, key).entry, request.form.to_dict())
        shown = cards_of(read.entry, agencies(session), _today())
    return render_template("knowledge/_preview.html", shown=shown, card_faults=line_faults(shown))


@blueprint.get("/publish")
@allow("admin", "supervisor", "auditor")
def publish() -> str:
    """What the drafts would change, in sentences."""
    with reading(site().engine) as session:
        items = list_all(session)
    asked = request.args.getlist("key")
    mine = [item.key for item in items if item.draft and item.draft.staff_id == signed_in().id and not item.job_id]
    return _publish_page(items, asked or mine)


@blueprint.post("/publish")
@allow("admin")
def start_publish() -> ResponseReturnValue:
    """Publish the chosen drafts: at once, or by a job whose page tells how far it is."""
    keys = request.form.getlist("key")
    seen = {key: request.form.get(f"mark_{key}", "") for key in keys}
    for _ in range(PUBLISH_TRIES):
        try:
            with transaction(site().engine) as session:
                job = request_publish(session, keys, signed_in().id, clock.utc_now(), seen=seen)
            return redirect(url_for("knowledge.job", job_id=job.id), 303)
        except IntegrityError:  # another publish took the number; once more on top of it
            continue
        except PublishRefused as refused:
            with reading(site().engine) as session:
                items = list_all(session)
            again = refused.keys if isinstance(refused, NotAsSeen) else ()
            return _publish_page(items, keys, _refusal(items, refused.code, refused.keys), again), 409
    with reading(site().engine) as session:
        return _publish_page(list_all(session), keys, wording.REFUSALS["busy"]), 409


@blueprint.get("/publish/<int:job_id>")
@allow("admin", "supervisor", "auditor")
def job(job_id: int) -> str:
    """How far a publish is."""
    with reading(site().engine) as session:
        found = session.get(PublishJob, job_id) or abort(404)
        names = {item.key: item.entry.name for item in list_all(session)}
    code = (found.error or "").split(":")[0]
    return render_template(
        "knowledge/job.html", job=found, names=names, why=wording.REFUSALS.get(code, wording.REFUSALS["unexpected"])
    )


@blueprint.get("/publish/<int:job_id>/state")
@allow("admin", "supervisor", "auditor")
def job_state(job_id: int) -> ResponseReturnValue:
    """The same for the page's script."""
    with reading(site().engine) as session:
        found = session.get(PublishJob, job_id) or abort(404)
        return jsonify(state=found.state, progress=found.progress)


@blueprint.get("/versions")
@allow("admin", "supervisor", "auditor")
def published() -> str:
    """The published versions, newest first."""
    before = request.args.get("before", None, int)
    with reading(site().engine) as session:
        found = versions(session, before=before)
    return render_template("knowledge/versions.html", versions=found)


def _editor(
    session: Session,
    item: Listed,
    typed: dict[str, str],
    *,
    base: int,
    seen: str | None = None,
    faults: tuple[Fault, ...] = (),
    conflict: Conflict | None = None,
    thrown: dict[str, str] | None = None,
) -> str:
    """The editor's page; after a conflict with what differs, so that saving again is a choice."""
    read = read_form(item.entry, typed)
    order = [*typed_of(item.entry)]
    told: dict[str, list[str]] = {}
    for fault in sorted(faults, key=lambda fault: order.index(fault.field) if fault.field in order else 0):
        told.setdefault(fault.field, []).append(wording.fault_words(fault))
    known = agencies(session)
    shown = cards_of(read.entry, known, _today())
    mark = item.draft.mark if item.draft else ""
    theirs = item.published if isinstance(conflict, PublishedMeanwhile) else item.entry
    agency = next((a.name for a in known if isinstance(item.entry, Intent) and a.id == item.entry.agency), "")
    return render_template(
        "knowledge/article.html",
        item=item,
        kind=item.published.kind if isinstance(item.published, Intent) else "neighbour",
        agency=agency,
        typed=typed,
        base_version=base,
        seen=mark if seen is None else seen,
        faults=told,
        conflict=_said(conflict, item),
        differences=changes_of(theirs, read.entry, {}) if conflict else None,
        thrown=thrown,
        shown=shown,
        card_faults=line_faults(shown),
        today=day_text(_today()),
    )


def _publish_page(items: list[Listed], chosen: Any, refused: str = "", read_again: tuple[str, ...] = ()) -> str:
    changes = all_changes(items, chosen)
    return render_template(
        "knowledge/publish.html",
        changes=[(item, change, needs_training(change)) for item, change in changes],
        chosen=set(chosen),
        refused=refused,
        read_again=read_again,
    )


def _refusal(items: list[Listed], code: str, keys: tuple[str, ...]) -> str:
    names = {item.key: item.entry.name for item in items}
    return wording.REFUSALS[code].format(names=", ".join(names.get(key, key) for key in keys))


def _said(conflict: Conflict | None, item: Listed) -> dict[str, Any] | None:
    if conflict is None:
        return None
    said = wording.CONFLICTS[type(conflict).__name__]
    who = item.draft.staff_name if item.draft else wording.SOMEBODY
    return {"title": said.title, "what": said.what.format(who=who), "do": said.do, "job_id": item.job_id}


def _what(conflict: Conflict) -> str:
    return wording.CONFLICTS[type(conflict).__name__].title


def _item(session: Session, key: str) -> Listed:
    try:
        return listed(session, key)
    except NoSuchEntry:
        abort(404)


def _today() -> date:
    return clock.bangkok_day(clock.utc_now())
