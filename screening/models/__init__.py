"""The screening's tables. Patients' answers and names lie in them sealed, and only where a patient sent them."""

from .audit import Action, AuditEvent, AuditHead
from .callback import CallbackAttempt, CallbackRequest
from .consent import ConsentWording
from .draft import Condition, Criterion, Option, Question, QuestionnaireDraft, Section, TestPatient, Text
from .questionnaire import Questionnaire, Withdrawal
from .screening import AnsweredBy, Disposition, Review, Screening
from .sending import SendCount
from .upkeep import Upkeep

__all__ = [
    "Action",
    "AnsweredBy",
    "AuditEvent",
    "AuditHead",
    "CallbackAttempt",
    "CallbackRequest",
    "Condition",
    "ConsentWording",
    "Criterion",
    "Disposition",
    "Option",
    "Question",
    "Questionnaire",
    "QuestionnaireDraft",
    "Review",
    "Screening",
    "Section",
    "SendCount",
    "TestPatient",
    "Text",
    "Upkeep",
    "Withdrawal",
]
