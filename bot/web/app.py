"""How are the web pages put together? One Flask application; its blueprints, guards and headers are listed here."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, Flask, Response
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from bot.settings import Settings
from bot.web import access, desk, desk_acts, errors, filters, knowledge, navigation, pages, sign_in, webhook
from bot.web.site import EXTENSION, SIGNED_IN_HOURS, Site

MAX_FORM_BYTES = 2 * 1024 * 1024

# No 'unsafe-inline' anywhere; data: is for the pictures inside Bootstrap's CSS.
CSP = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def blueprints() -> tuple[Blueprint, ...]:
    """Every part of the site. A new part is a module with a `blueprint`, and one line here."""
    parts = (pages, sign_in, webhook, desk, desk_acts, knowledge)
    return tuple(part.blueprint for part in parts)


def create_app(settings: Settings, engine: sa.Engine) -> Flask:
    """The whole site over one database. Nothing is shown that no view declared (bot/web/access.py)."""
    app = Flask(__name__)
    https = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        SESSION_COOKIE_NAME="desk",
        SESSION_COOKIE_SECURE=https or not settings.demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # or a desk left open would keep itself signed in for ever
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SIGNED_IN_HOURS),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: an officer's page stays open all day
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = Site(settings, engine)

    app.before_request(access.check)  # first: a stranger learns nothing from a form's token
    logins = LoginManager(app)
    logins.user_loader(sign_in.load_visitor)
    forms = CSRFProtect(app)
    Bootstrap5(app)
    sign_in.limiter.init_app(app)
    filters.install(app)
    navigation.install(app)
    errors.install(app)
    for part in blueprints():
        app.register_blueprint(part)
        if part.name == "webhook":
            forms.exempt(part)  # LINE signs its requests; there is no session

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"  # what citizens wrote stays on no shared computer
        return response

    return app
