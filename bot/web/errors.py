"""What does a page say when something went wrong? What happened, and what to do now."""

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from bot.web.access import wants_json
from bot.web.wording import ANY_ERROR, ERRORS, STALE_FORM


def install(app: Flask) -> None:
    """Thai error pages; the webhook and scripts get plain words and codes instead."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _told)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return render_template("error.html", code=400, said=STALE_FORM), 400


def _told(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    if request.blueprint == "webhook":
        return error.get_response() if error.response else (f"{error.name}: {error.description}\n", code)
    if wants_json():
        return jsonify(error=code), code
    said = ERRORS.get(code, ERRORS[500] if isinstance(error, InternalServerError) else ANY_ERROR)
    return render_template("error.html", code=code, said=said), code
