"""The table of methods: which fields each takes, and what runs. What is not in it answers 404.

A field that Telegram knows but that this project must not use (parse_mode, entities: we send plain text, so that there
is nothing to escape) is left out on purpose and fails the call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import fields, keyboards, listening, profile, sending
from .fields import Params, Reader
from .refusals import Refused, bad
from .world import World


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Bot API."""

    run: Callable[[World, Params], Any]
    required: dict[str, Reader] = field(default_factory=dict)
    optional: dict[str, Reader] = field(default_factory=dict)

    def read(self, given: dict[str, Any]) -> Params:
        """The call's fields, checked. Raises Refused (400)."""
        try:
            return fields.check(given, self.required, self.optional)
        except Refused:
            raise
        except ValueError as problem:
            raise bad(str(problem)) from None


def _elsewhere(_: World, __: Params) -> Any:
    raise NotImplementedError("the server runs this one itself: it waits, or owns the webhook")


_chat = sending.ADDRESSED
_message: dict[str, Reader] = {"chat_id": fields.chat, "message_id": fields.integer}
_inline: dict[str, Reader] = {"reply_markup": keyboards.inline}
_captioned: dict[str, Reader] = {**sending.ANY_SEND, "caption": fields.text}
_words = profile.PER_LANGUAGE

METHODS: dict[str, Method] = {
    "getMe": Method(profile.get_me),
    "getUpdates": Method(_elsewhere, {}, listening.POLL),
    "setWebhook": Method(_elsewhere, {"url": fields.text}, listening.WEBHOOK),
    "deleteWebhook": Method(_elsewhere, {}, {"drop_pending_updates": fields.flag}),
    "getWebhookInfo": Method(_elsewhere),
    "sendMessage": Method(
        sending.send_message,
        {**_chat, "text": fields.text},
        {**sending.ANY_SEND, "link_preview_options": sending.LINK_PREVIEW},
    ),
    "sendContact": Method(
        sending.send_contact,
        {**_chat, "phone_number": fields.text, "first_name": fields.text},
        {**sending.ANY_SEND, "last_name": fields.text, "vcard": fields.text},
    ),
    "sendDocument": Method(
        sending.send_document,
        {**_chat, "document": fields.file},
        {**_captioned, "thumbnail": fields.file, "disable_content_type_detection": fields.flag},
    ),
    "sendPhoto": Method(
        sending.send_photo,
        {**_chat, "photo": fields.file},
        {**_captioned, "has_spoiler": fields.flag, "show_caption_above_media": fields.flag},
    ),
    "sendVoice": Method(
        sending.send_voice, {**_chat, "voice": fields.file}, {**_captioned, "duration": fields.integer}
    ),
    "sendChatAction": Method(sending.send_chat_action, {**_chat, "action": fields.one_of(*sending.CHAT_ACTIONS)}),
    "editMessageText": Method(
        sending.edit_message_text,
        {**_message, "text": fields.text},
        {**_inline, "link_preview_options": sending.LINK_PREVIEW},
    ),
    "editMessageReplyMarkup": Method(sending.edit_message_reply_markup, _message, _inline),
    "deleteMessage": Method(sending.delete_message, _message),
    "answerCallbackQuery": Method(
        sending.answer_callback_query,
        {"callback_query_id": fields.text},
        {"text": fields.text, "show_alert": fields.flag, "url": fields.text, "cache_time": fields.integer},
    ),
    "getFile": Method(sending.get_file, {"file_id": fields.text}),
    "setMyCommands": Method(profile.set_my_commands, profile.COMMANDS, profile.SCOPED),
    "deleteMyCommands": Method(profile.delete_my_commands, {}, profile.SCOPED),
    "getMyCommands": Method(profile.get_my_commands, {}, profile.SCOPED),
    "setMyName": Method(profile.set_words("name", 64), {}, {"name": fields.text, **_words}),
    "setMyDescription": Method(profile.set_words("description", 512), {}, {"description": fields.text, **_words}),
    "setMyShortDescription": Method(
        profile.set_words("short_description", 120), {}, {"short_description": fields.text, **_words}
    ),
    "setChatMenuButton": Method(profile.set_chat_menu_button, {}, profile.MENU_BUTTON),
    "getChat": Method(profile.get_chat, _chat),
    "getChatMember": Method(profile.get_chat_member, {**_chat, "user_id": fields.integer}),
    "leaveChat": Method(profile.leave_chat, _chat),
}
