"""Every table, known to `Base.metadata` once this is imported: for migrations and for a new database."""

from models.alert import Alert, AlertLink
from models.attachment import Attachment
from models.audit import Audit
from models.bell import NEWS as _NEWS  # noqa: F401 - the table it rings for is made with it
from models.broadcast import Broadcast, Delivery
from models.consent import ConsentText
from models.contact import ContactCheck
from models.conversation import Conversation
from models.database import Base
from models.desk.tables import DeskDraft, DeskLink, DeskSession
from models.duty import DutyAway, DutyEmail, DutyTurn
from models.feedback import EarlierPromise, Feedback, FeedbackNote, FeedbackPart, FeedbackStatus, PromisePause
from models.lent import Lent
from models.meeting import AheadQuestion, Meeting, Rsvp
from models.outgoing import Outgoing
from models.person import Address, Person
from models.question import Question
from models.received import Received
from models.reminder import Reminder
from models.role import Invite, Role
from models.second_look import SecondLook, SecondReading
from models.sign_off import SignedOff
from models.theme import Action, Follow, Meant, Subscription, Theme, ThemeChange, Update, Verdict, VerdictAsked

__all__ = [
    "Action",
    "Address",
    "AheadQuestion",
    "Alert",
    "AlertLink",
    "Attachment",
    "Audit",
    "Base",
    "Broadcast",
    "ConsentText",
    "ContactCheck",
    "Conversation",
    "Delivery",
    "DeskDraft",
    "DeskLink",
    "DeskSession",
    "DutyAway",
    "DutyEmail",
    "DutyTurn",
    "EarlierPromise",
    "Feedback",
    "FeedbackNote",
    "FeedbackPart",
    "FeedbackStatus",
    "Follow",
    "Invite",
    "Lent",
    "Meant",
    "Meeting",
    "Outgoing",
    "Person",
    "PromisePause",
    "Question",
    "Received",
    "Reminder",
    "Role",
    "Rsvp",
    "SecondLook",
    "SecondReading",
    "SignedOff",
    "Subscription",
    "Theme",
    "ThemeChange",
    "Update",
    "Verdict",
    "VerdictAsked",
]
