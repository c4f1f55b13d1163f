"""The screening's tables. Nothing here holds a patient's answers."""

from .questionnaire import Questionnaire

__all__ = ["Questionnaire"]
