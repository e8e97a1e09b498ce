"""The pages for everybody: the way in, the privacy notice, and whether the site is well."""

import sqlalchemy as sa
from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.storage.engine import reading
from bot.web.access import allow_public
from bot.web.site import site

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@allow_public
def home() -> ResponseReturnValue:
    """The desk, or first the sign-in page."""
    return redirect(url_for("desk.queue"))


@blueprint.get("/privacy")
@allow_public
def privacy() -> str:
    """What is kept about citizens and what they can ask; the bot's first answer links here."""
    return render_template("privacy.html")


@blueprint.get("/health")
@allow_public
def health() -> ResponseReturnValue:
    """200 while the database answers, else 503."""
    try:
        with reading(site().engine) as session:
            session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return jsonify(status="database does not answer"), 503
    return jsonify(status="ok")
