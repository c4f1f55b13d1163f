"""The screening's tables. Nothing here holds a patient's answers."""

from .draft import Condition, Criterion, Option, Question, QuestionnaireDraft, Section, TestPatient, Text
from .questionnaire import Questionnaire, Withdrawal

__all__ = [
    "Condition",
    "Criterion",
    "Option",
    "Question",
    "Questionnaire",
    "QuestionnaireDraft",
    "Section",
    "TestPatient",
    "Text",
    "Withdrawal",
]
