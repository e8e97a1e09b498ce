"""The entry of a web server in production: gunicorn "bot.web.wsgi:make()"."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.settings import load_settings
from bot.storage.engine import make_engine
from bot.storage.types import use_data_keys
from bot.telemetry import set_up_logs
from bot.web.app import create_app


def make() -> Flask:
    """The site as the environment sets it up; never with the stand-in for LINE."""
    set_up_logs()
    settings = load_settings()
    use_data_keys(settings.data_key)
    app = create_app(settings, make_engine(settings.database_url))
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app
