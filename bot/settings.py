"""Settings from the environment; every fault is told at once when the program starts."""

from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"

Words = Annotated[tuple[str, ...], NoDecode]
Chosen = TypeVar("Chosen", bound="ReaderSettings")


class SettingsError(SystemExit):
    """The environment cannot be used; the message names each variable and what to set."""


class ReaderSettings(BaseSettings):
    """Whether and how a second reader is asked (bot/reader/README.md); off without an address."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    reader_url: str = Field("", description="OpenAI-compatible, with or without /chat/completions")
    reader_model: str = Field("", validate_default=True)
    reader_key: str = Field("", repr=False)
    reader_daily_budget: int = Field(1000, ge=0, description="questions a day and worker")

    @field_validator("reader_url")
    @classmethod
    def _reader_address(cls, value: str) -> str:
        return _web_address(value) if value else value

    @field_validator("reader_model")
    @classmethod
    def _named_with_address(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("reader_url") and not value:
            raise ValueError("name the model that READER_URL is to use, or unset READER_URL")
        return value


class Settings(ReaderSettings):
    """What a deployment chooses. Names in the environment are the same in capitals."""

    line_channel_secret: Words = Field(min_length=1, max_length=2, description="one secret, or two during a rotation")
    line_channel_access_token: str = Field(min_length=1)
    line_api_base_url: str = LINE_API
    database_url: str = Field(min_length=1)
    secret_key: str = Field(min_length=16)
    data_key: Words = Field(min_length=1, description="Fernet keys, newest first")
    public_url: str = Field(min_length=1)
    trusted_proxies: int = Field(0, ge=0, le=5, description="how many proxies stand before the site")
    bot_mode: Literal["production", "demo"] = "production"

    @field_validator("line_channel_secret", "data_key", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @field_validator("data_key")
    @classmethod
    def _fernet(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        from cryptography.fernet import Fernet

        for key in keys:
            Fernet(key)
        return keys

    @field_validator("line_api_base_url", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return _web_address(value)

    @property
    def demo(self) -> bool:
        return self.bot_mode == "demo"

    @property
    def line_data_base_url(self) -> str:
        """Where contents are fetched: LINE keeps them on a host of their own, a stand-in on the same."""
        return LINE_DATA_API if self.line_api_base_url == LINE_API else self.line_api_base_url


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def load_settings() -> Settings:
    """The settings of this process; raises SettingsError with one line for each variable that is missing or wrong."""
    return _load(Settings)


def load_reader_settings() -> ReaderSettings:
    """Those of the second reader alone, for commands that need no others; raises SettingsError."""
    return _load(ReaderSettings)


def _load(kind: type[Chosen]) -> Chosen:
    try:
        return kind()
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("The settings cannot be used (see README, 'Settings'):\n" + "\n".join(lines)) from None
