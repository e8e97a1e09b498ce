"""What does the chat page ask and show? It reads the state by polling and acts for citizens.

Everything that changes something wants the header X-Stand-In, which no other site can make a browser send.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from bot.stand_in import acts
from bot.stand_in.records import Citizen, Entry
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender

CSP = "default-src 'self'; img-src 'self' data: https:; style-src 'self'; script-src 'self'; frame-ancestors 'self'"
SHOWN_IN_PLACE = ("image/png", "image/jpeg", "image/gif", "image/webp")
UPLOAD_BYTES = 20 * 1024 * 1024


def make_page(stand_in: StandIn, sender: WebhookSender) -> Blueprint:
    """The blueprint with the page at / and its JSON beside it."""
    page = Blueprint(
        "page", __name__, template_folder="templates", static_folder="static", static_url_path="/stand-in-static"
    )

    @page.before_request
    def from_our_own_page() -> None:
        if request.method == "POST" and "X-Stand-In" not in request.headers:
            abort(403)

    @page.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    @page.errorhandler(HTTPException)
    def told(error: HTTPException) -> tuple[Response, int]:
        return jsonify(message=error.description), error.code or 500

    @page.errorhandler(KeyError)
    @page.errorhandler(TypeError)
    @page.errorhandler(ValueError)
    def not_understood(_error: Exception) -> tuple[Response, int]:
        return jsonify(message="ข้อมูลไม่ครบหรือไม่ใช่ตัวเลขค่ะ"), 400

    @page.get("/")
    def home() -> str:
        return render_template("stand_in/chat.html", bot_name=stand_in.bot_name)

    @page.get("/state")
    def state() -> Response:
        revision, entries = stand_in.chats.changes(request.args.get("since", 0, int))
        settings = stand_in.faults.settings
        return jsonify(
            started=stand_in.started,
            revision=revision,
            citizens=[_citizen(stand_in, each) for each in stand_in.citizens()],
            entries=[_entry(entry) for entry in entries],
            delay_seconds=settings.delay_seconds,
            is_failing=settings.fail_all,
            monthly_limit=stand_in.monthly_limit,
            consumption=stand_in.consumption,
        )

    @page.get("/deliveries")
    def deliveries() -> Response:
        since = max(0, request.args.get("since", 0, int))
        return jsonify(
            deliveries=[
                {
                    "kind": each.kind,
                    "receiver_id": each.receiver_id,
                    "reply_token": each.body.get("replyToken"),
                    "messages": len(each.messages),
                    "accepted_at_ms": each.accepted_at.timestamp() * 1000,
                    "request_id": each.request_id,
                }
                for each in stand_in.deliveries[since:]
            ]
        )

    @page.get("/content/<content_id>")
    def content(content_id: str) -> Response:
        kept = stand_in.chats.content(content_id)
        if kept is None or kept.gone:
            abort(404)
        if kept.content_type in SHOWN_IN_PLACE:
            return Response(kept.data, content_type=kept.content_type)
        response = Response(kept.data, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = "attachment"
        return response

    @page.post("/citizens")
    def add() -> Response:
        name = str(_json().get("name", "")).strip()[:20]
        if not name:
            abort(400, "ใส่ชื่อก่อนค่ะ เช่น นก")
        return jsonify(_citizen(stand_in, acts.new_citizen(sender, name)))

    @page.post("/citizens/<citizen_id>/file")
    def upload(citizen_id: str) -> Response:
        _known(stand_in, citizen_id)
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            abort(400, "เลือกไฟล์ก่อนค่ะ")
        data = sent.stream.read(UPLOAD_BYTES + 1)
        if len(data) > UPLOAD_BYTES:
            abort(413, "ไฟล์ใหญ่เกิน 20 MB ค่ะ")
        kind = sent.mimetype or "application/octet-stream"
        acts.send_file(sender, citizen_id, data, kind, sent.filename, in_group="in_group" in request.form)
        return jsonify(ok=True)

    @page.post("/citizens/<citizen_id>/<act>")
    def do(citizen_id: str, act: str) -> Response:
        _known(stand_in, citizen_id)
        try:
            _act(sender, citizen_id, act, _json())
        except acts.NothingToDo:
            abort(409, "ยังไม่มีข้อความให้ทำค่ะ")
        return jsonify(ok=True)

    @page.post("/faults")
    def faults() -> Response:
        asked = _json()
        if "delay_seconds" in asked:
            stand_in.faults.set(delay_seconds=min(60.0, max(0.0, float(asked["delay_seconds"]))))
        if "is_failing" in asked:
            stand_in.faults.set(fail_all=bool(asked["is_failing"]))
        return jsonify(ok=True)

    @page.post("/quota")
    def quota() -> Response:
        limit = _json().get("monthly_limit")
        stand_in.monthly_limit = None if limit is None else max(0, int(limit))
        return jsonify(ok=True)

    return page


def _act(sender: WebhookSender, citizen_id: str, act: str, asked: dict[str, Any]) -> None:
    in_group = bool(asked.get("in_group"))
    match act:
        case "say":
            text = str(asked["text"])
            if text.strip():
                acts.say(sender, citizen_id, text[:5000], in_group=in_group)
        case "sticker":
            words = [str(word) for word in asked.get("keywords", [])]
            acts.send_sticker(sender, citizen_id, str(asked["package_id"]), str(asked["sticker_id"]), *words)
        case "location":
            place = str(asked.get("title", ""))[:100], str(asked.get("address", ""))[:100]
            latitude, longitude = float(asked["latitude"]), float(asked["longitude"])
            if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
                raise ValueError(latitude, longitude)
            acts.send_location(sender, citizen_id, *place, latitude, longitude)
        case "tap":
            acts.tap(
                sender,
                citizen_id,
                str(asked["data"]),
                display_text=str(asked.get("display_text") or ""),
                picked=asked.get("picked"),
                in_group=in_group,
            )
        case "block":
            acts.block(sender, citizen_id)
        case "unblock":
            acts.unblock(sender, citizen_id)
        case "unsend":
            acts.unsend(sender, citizen_id)
        case "redeliver":
            acts.redeliver_last(sender, citizen_id)
        case _:
            abort(404)


def _json() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _known(stand_in: StandIn, citizen_id: str) -> None:
    if stand_in.citizen(citizen_id) is None:
        abort(404, "ไม่มีคนนี้แล้วค่ะ")


def _citizen(stand_in: StandIn, citizen: Citizen) -> dict[str, Any]:
    loading = citizen.loading_until is not None and citizen.loading_until > stand_in.now()
    return {
        "user_id": citizen.user_id,
        "name": citizen.name,
        "is_blocking": citizen.is_blocking,
        "is_loading": loading,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    shown = asdict(entry)
    del shown["event"]
    shown["at"] = entry.at.isoformat()
    return shown
