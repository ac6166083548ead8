"""Every table, known to `Base.metadata` once this is imported: for migrations and for a new database."""

from models.abuse import AbuseAnswer
from models.alert import Alert, AlertLink
from models.attachment import Attachment
from models.audit import Audit
from models.bell import NEWS as _NEWS  # noqa: F401 - the table it rings for is made with it
from models.broadcast import Broadcast, Delivery
from models.complaint import DataComplaint
from models.consent import ConsentText
from models.contact import ContactAsked, ContactCheck, ContactOwner
from models.conversation import Conversation
from models.database import Base
from models.desk.tables import ColleagueNote, DeskDraft, DeskLink, DeskSession, FeedbackWork, SavedReply
from models.desk.word_index import NAME as WORD_INDEX
from models.duty import DutyAway, DutyEmail, DutyTurn
from models.feedback import EarlierPromise, Feedback, FeedbackNote, FeedbackPart, FeedbackStatus, PromisePause
from models.lent import Lent
from models.meeting import AheadQuestion, Meeting, Rsvp
from models.outgoing import Outgoing
from models.person import Address, Person
from models.personal.allowed import AllowedWords
from models.pulse import PulseAnswer, PulsePicture, PulseWish
from models.question import Question
from models.received import Received
from models.reminder import Reminder
from models.role import Invite, Role
from models.second_look import SecondLook, SecondReading
from models.sign_off import SignedOff
from models.theme import Action, Follow, Meant, Subscription, Theme, ThemeChange, Update, Verdict, VerdictAsked
from models.unanswered import LearntWords, Settled

__all__ = [
    "WORD_INDEX",
    "AbuseAnswer",
    "Action",
    "Address",
    "AheadQuestion",
    "Alert",
    "AlertLink",
    "AllowedWords",
    "Attachment",
    "Audit",
    "Base",
    "Broadcast",
    "ColleagueNote",
    "ConsentText",
    "ContactAsked",
    "ContactCheck",
    "ContactOwner",
    "Conversation",
    "DataComplaint",
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
    "FeedbackWork",
    "Follow",
    "Invite",
    "LearntWords",
    "Lent",
    "Meant",
    "Meeting",
    "Outgoing",
    "Person",
    "PromisePause",
    "PulseAnswer",
    "PulsePicture",
    "PulseWish",
    "Question",
    "Received",
    "Reminder",
    "Role",
    "Rsvp",
    "SavedReply",
    "SecondLook",
    "SecondReading",
    "Settled",
    "SignedOff",
    "Subscription",
    "Theme",
    "ThemeChange",
    "Update",
    "Verdict",
    "VerdictAsked",
]
