"""Trying it out: web, worker and the stand-in for LINE in one process, with a SQLite file and generated keys."""

import os
import secrets
import signal
import threading
from pathlib import Path

import sqlalchemy as sa
from cryptography.fernet import Fernet
from tqdm import tqdm
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.clock import utc_now
from bot.seed import load_demo, load_starter
from bot.settings import Settings, load_settings
from bot.stand_in.acts import new_citizen
from bot.stand_in.server import create_app as stand_in_app
from bot.stand_in.server import serve
from bot.stand_in.state import StandIn
from bot.stand_in.webhook import WebhookSender
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.storage.types import use_data_keys
from bot.telemetry import set_up_logs
from bot.web.app import create_app
from bot.worker import Worker

FOLDER = Path(".run")
CHAT = "/line"  # where the stand-in is mounted
CITIZENS = ("นก", "ลุงสมบัติ")


def prepare(engine: sa.Engine, *, demo: bool) -> dict[str, str]:
    """Migrate, load what a new database starts with; returns the passwords that were just generated."""
    migrate(engine)
    with tqdm(total=100, desc="เตรียมความรู้ (building the index)", unit="%", leave=False) as bar:
        load_starter(engine, utc_now(), lambda percent: bar.update(percent - bar.n))
    return load_demo(engine, utc_now()) if demo else {}


def run(port: int) -> None:
    """Serve on 127.0.0.1 until interrupted."""
    set_up_logs("WARNING")
    os.environ.update(_environment(port))
    settings = load_settings()
    use_data_keys(settings.data_key)
    engine = make_engine(settings.database_url)
    passwords = prepare(engine, demo=True)
    chat = _stand_in(settings)
    site = create_app(settings, engine)
    sender = WebhookSender(chat)
    site.wsgi_app = DispatcherMiddleware(site.wsgi_app, {CHAT: stand_in_app(chat, sender)})  # type: ignore[method-assign]
    server = serve(site, "127.0.0.1", port)
    worker = Worker(settings, engine)
    for name in CITIZENS:
        new_citizen(sender, name)
    _say(settings.public_url, passwords)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: threading.Thread(target=worker.stop).start())
    worker.run()
    server.stop()


def _stand_in(settings: Settings) -> StandIn:
    return StandIn(
        channel_secret=settings.line_channel_secret[0],
        access_token=settings.line_channel_access_token,
        webhook_url=f"{settings.public_url}/callback",
        allows_local_http=True,
    )


def _environment(port: int) -> dict[str, str]:
    """Settings for trying out; the keys are made once and kept in the dot folder."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    return {
        "BOT_MODE": "demo",
        "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{FOLDER.resolve()}/desk.sqlite3",
        "SECRET_KEY": _kept("secret_key", secrets.token_urlsafe(32)),
        "DATA_KEY": _kept("data_key", Fernet.generate_key().decode()),
        "LINE_CHANNEL_SECRET": _kept("channel_secret", secrets.token_hex(16)),
        "LINE_CHANNEL_ACCESS_TOKEN": _kept("access_token", secrets.token_urlsafe(32)),
        "LINE_API_BASE_URL": f"{address}{CHAT}",
        "PUBLIC_URL": address,
    }


def _kept(name: str, fresh: str) -> str:
    path = FOLDER / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path.read_text().strip()


def _say(address: str, passwords: dict[str, str]) -> None:
    print(
        f"\n  แชท (LINE จำลอง)   {address}{CHAT}/\n"
        f"  โต๊ะเจ้าหน้าที่        {address}/desk\n"
        f"  หน้าความรู้          {address}/knowledge\n"
    )
    if passwords:
        print("  รหัสผ่านเหล่านี้แสดงครั้งเดียว (shown once):")
        for login, password in passwords.items():
            print(f"    {login:<11} {password}")
        print()
    print("  Ctrl+C เพื่อหยุด", flush=True)
