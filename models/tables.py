"""Every table, known to `Base.metadata` once this is imported: for migrations and for a new database."""

from models.attachment import Attachment
from models.audit import Audit
from models.consent import ConsentText
from models.conversation import Conversation
from models.database import Base
from models.feedback import Feedback
from models.outgoing import Outgoing
from models.person import Address, Person
from models.received import Received
from models.role import Invite, Role
from models.theme import Theme

__all__ = [
    "Address",
    "Attachment",
    "Audit",
    "Base",
    "ConsentText",
    "Conversation",
    "Feedback",
    "Invite",
    "Outgoing",
    "Person",
    "Received",
    "Role",
    "Theme",
]
