"""Settings, from the environment or from `.env`. Everything missing or wrong is named at once, in words."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.area import areas

if TYPE_CHECKING:
    from bot.mail import MailServer

PROJECT = Path(__file__).parent.parent
TELEGRAM = "https://api.telegram.org/bot"


class SettingsError(Exception):
    """Its text names every setting that is wrong, and what to do."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    area: str = "tameside"
    database_url: str = f"sqlite:///{PROJECT / 'yousaid.db'}"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: str = ""
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = TELEGRAM
    # Messages a second over all; Telegram allows some 30 unless more were paid for. 0 is no ceiling (benchmarks).
    telegram_per_second: Annotated[int, Field(ge=0)] = 30
    # Seconds between two messages in one chat: what Telegram asks for. 0 is none (benchmarks).
    telegram_chat_seconds: Annotated[float, Field(ge=0)] = 1.0
    # Where e-mail for staff on duty is handed in (smtp://user:password@host:587, or smtps://), and who it is from.
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    # How often the clock looks at what is due.
    sweep_seconds: Annotated[float, Field(ge=0.1)] = 10
    log_json: bool = False

    @field_validator("area")
    @classmethod
    def _known_area(cls, value: str) -> str:
        if value not in areas():
            raise ValueError(f"there is no area “{value}”; there are: {', '.join(areas())}")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("this is no database address; try sqlite:///yousaid.db") from None
        if url.drivername not in ("sqlite", "postgresql+psycopg"):
            raise ValueError("use sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
        return value

    @field_validator("public_url")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("it must begin with https:// (Telegram sends webhooks nowhere else)")
        return value.rstrip("/")

    @field_validator("telegram_token")
    @classmethod
    def _token_shape(cls, value: SecretStr) -> SecretStr:
        number, colon, rest = value.get_secret_value().partition(":")
        if value.get_secret_value() and not (colon and number.isdigit() and rest):
            raise ValueError("that is no bot token; @BotFather gives one like 123456:ABC-DEF")
        return value

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> Self:
        _ = self.mail_server
        return self

    @property
    def mail_server(self) -> MailServer | None:
        """Where e-mail is handed in; None where none is sent."""
        url = self.smtp_url.get_secret_value()
        if not url:
            return None
        from bot.mail import MailServer  # with its library, which only those need who send any

        return MailServer.from_url(url, self.mail_from)

    @property
    def web_address(self) -> str:
        return self.public_url or f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104

    @property
    def webhook_secret(self) -> str:
        """What Telegram must show with every webhook: made from the token, so that there is nothing more to set."""
        return hmac.new(self.telegram_token.get_secret_value().encode(), b"webhook", hashlib.sha256).hexdigest()


def read_settings() -> Settings:
    """Raises `SettingsError`."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in one['loc']).upper()}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        ]
        raise SettingsError("\n".join(["These settings are not right (see .env.example):", *lines])) from None
