"""Every table, known to `Base.metadata` once this is imported: for migrations and for a new database."""

from models.abuse import AbuseAnswer
from models.alert import Alert
from models.attachment import Attachment
from models.audit import Audit
from models.broadcast import Broadcast, Delivery
from models.complaint import DataComplaint
from models.consent import ConsentText
from models.contact import ContactCheck
from models.conversation import Conversation
from models.database import Base
from models.desk.tables import DeskDraft, DeskLink, DeskSession
from models.feedback import Feedback, FeedbackNote, FeedbackStatus
from models.meeting import AheadQuestion, Meeting, Rsvp
from models.outgoing import Outgoing
from models.person import Address, Person
from models.personal.allowed import AllowedWords
from models.pulse import PulseAnswer, PulsePicture, PulseWish
from models.question import Question
from models.received import Received
from models.reminder import Reminder
from models.role import Invite, Role
from models.theme import Follow, Subscription, Theme, Update, Verdict

__all__ = [
    "AbuseAnswer",
    "Address",
    "AheadQuestion",
    "Alert",
    "AllowedWords",
    "Attachment",
    "Audit",
    "Base",
    "Broadcast",
    "ConsentText",
    "ContactCheck",
    "Conversation",
    "DataComplaint",
    "Delivery",
    "DeskDraft",
    "DeskLink",
    "DeskSession",
    "Feedback",
    "FeedbackNote",
    "FeedbackStatus",
    "Follow",
    "Invite",
    "Meeting",
    "Outgoing",
    "Person",
    "PulseAnswer",
    "PulsePicture",
    "PulseWish",
    "Question",
    "Received",
    "Reminder",
    "Role",
    "Rsvp",
    "Subscription",
    "Theme",
    "Update",
    "Verdict",
]
