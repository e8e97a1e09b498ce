"""A tiny published catalogue, so that training it takes a second or two."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.catalogue.indexes import ensure_built
from bot.catalogue.store import entries_of, publish
from bot.people.tables import Staff
from bot.storage.engine import transaction
from knowledge.model import Agency, Article, Intent, Link, Neighbour, Pack, Service

NOW = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)

PACK = Pack(
    agencies=(Agency("DOPA", "กรมการปกครอง", "กรมการปกครอง", "1548"), Agency("DLT", "กรมการขนส่งทางบก", "ขนส่งทางบก")),
    intents=(
        Intent(
            "id_card_lost", "faq+booking", "DOPA", "บัตรประชาชนหาย", "ทำบัตรที่หาย", "card lost",
            names=("บัตรหาย",),
            service=Service(identity_level="in_person", bring=("เงิน 100 บาท",)),
            article=Article(
                answer="ทำใหม่ได้ที่เขตหรืออำเภอทุกแห่ง ไม่ต้องแจ้งความค่ะ",
                facets={"documents": ("ทะเบียนบ้าน", "ใบขับขี่"), "fee": ("100 บาท",)},
                perishable=("fee",),
                hotline="1548",
                links=(Link("กรมการปกครอง", "https://www.dopa.go.th"),),
                source="พ.ร.บ.บัตรประจำตัวประชาชน พ.ศ. 2526",
                reviewed_on=date(2026, 11, 22),
                review_by=date(2027, 5, 22),
            ),
            phrases={
                "plain": ("บัตรประชาชนหายต้องทำยังไง", "ทำบัตรประชาชนหายขอใบใหม่", "บัตรประชาชนถูกขโมย"),
                "chat": ("ปชชหายทำไงดี", "บัตร ปชช หายอ่า"),
                "elder": ("บัตรประชาชนของป้าหายไปตลาด",),
            },
        ),
        Intent(
            "driving_licence_renew", "faq", "DLT", "ต่อใบขับขี่", "ต่อใบขับขี่", "renewal",
            article=Article(
                answer="ต่อได้ที่ขนส่งทุกแห่ง ต่อล่วงหน้าได้ 3 เดือนค่ะ",
                facets={"fee": ("505 บาท",)},
                reviewed_on=date(2026, 1, 10),
                review_by=date(2026, 7, 10),
            ),
            phrases={
                "plain": ("ใบขับขี่หมดอายุต้องทำยังไง", "ต่อใบขับขี่รถยนต์", "จะต่อใบอนุญาตขับรถ"),
                "chat": ("ต่อใบขับขี่ไงดี", "ใบขับขี่หมดละ"),
                "elder": ("ใบขับขี่ของตาหมดอายุแล้ว",),
            },
        ),
        Intent(
            "greeting", "smalltalk", "", "ทักทาย", "ทักทาย", "greets",
            phrases={"plain": ("สวัสดีค่ะ", "สวัสดีครับ"), "chat": ("หวัดดี", "ดีจ้า"), "elder": ("สวัสดีจ้ะหนู",)},
        ),
    ),
    neighbours=(
        Neighbour(
            "student_loan", "กู้ยืมเรียน กยศ.", "กยศ.", "เรื่อง กยศ. ถามที่กองทุนได้เลยค่ะ", "กองทุน กยศ.", "0 2016 4888",
            "https://www.studentloan.or.th", ("ผ่อน กยศ. เดือนละเท่าไหร่", "กู้ กยศ. ใช้เอกสารอะไร"),
        ),
    ),
)  # fmt: skip


@pytest.fixture
def centre(engine: sa.Engine, shared: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A database with version 1 published from PACK and the staff สมหญิง (1) and สมชาย (2), admins."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))  # one training of PACK for the whole run
    fill(engine)
    return engine


def fill(engine: sa.Engine, password_hash: str = "") -> None:
    """Publish PACK as version 1, for two admins, a supervisor (3) and an officer (4)."""
    ensure_built(engine, PACK, NOW, lambda percent: None)
    with transaction(engine) as session:
        people = (("สมหญิง", "admin"), ("สมชาย", "admin"), ("มาลี", "supervisor"), ("บุญมา", "officer"))
        for number, (name, role) in enumerate(people, 1):
            session.add(
                Staff(
                    id=number, login=f"{role}{number}", name=name, role=role, password_hash=password_hash,
                    session_key=f"key{number}", created_at=NOW,
                )
            )  # fmt: skip
        session.flush()
        publish(session, entries_of(PACK), staff_id=None, note="starter", now=NOW)
