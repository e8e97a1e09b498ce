"""Column types that both databases hold the same way: aware times, encrypted personal data, JSON, 64-bit ids."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy.dialects import postgresql

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

_cipher: MultiFernet | None = None


def use_data_keys(keys: tuple[str, ...]) -> None:
    """Set the keys of this process for personal data; the first encrypts, all of them decrypt."""
    global _cipher
    _cipher = MultiFernet([Fernet(key) for key in keys])


def _keys() -> MultiFernet:
    if _cipher is None:
        raise RuntimeError("use_data_keys() was not called before personal data was touched")
    return _cipher


class AwareUtc(sa.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedBytes(sa.TypeDecorator[bytes]):
    """Bytes that lie encrypted in the database."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        return None if value is None else _keys().encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> bytes | None:
        if value is None:
            return None
        try:
            return _keys().decrypt(bytes(value))
        except InvalidToken as error:
            raise RuntimeError("DATA_KEY does not open this data: was a key removed too early?") from error


class EncryptedText(sa.TypeDecorator[str]):
    """Text that lies encrypted in the database."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else _keys().encrypt(value.encode("utf-8", "replace"))

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        if value is None:
            return None
        try:
            return _keys().decrypt(bytes(value)).decode()
        except InvalidToken as error:
            raise RuntimeError("DATA_KEY does not open this data: was a key removed too early?") from error
