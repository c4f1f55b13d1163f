"""A rule as one sentence, made from its rows and the questionnaire's own words. For staff and for the public page."""

from django.utils.translation import gettext as _

from .engine.terms import Condition, Criterion, Question, Rule
from .wording import Wording


def rule_sentence(rule: Rule, words: Wording) -> str:
    """Such as: all of these: “How strong the pain is” is Severe; “Causes of the pain” is CRPS or Cancer."""
    parts = [condition_phrase(condition, words) for condition in rule.conditions]
    if len(parts) == 1 and rule.mode != "none of":
        return parts[0]
    questions = rule.questions
    if len(questions) == 1:  # many options of one question read better as a list of options
        return options_sentence(rule, questions[0], words)
    heads = {
        "all of": _("all of these: %s"),
        "any of": _("any of these: %s"),
        "none of": _("none of these: %s"),
        "at least": _("at least {count} of these: %s").format(count=rule.count),
    }
    return heads[rule.mode] % "; ".join(parts)


def options_sentence(rule: Rule, link_id: str, words: Wording) -> str:
    """One question, options counted: “Care that did not help” names at least 2 of: Medicines; Injections."""
    labels = [option_labels(condition, words) for condition in rule.conditions]
    heads = {
        "all of": _("“{question}” names all of: {options}"),
        "any of": _("“{question}” names any of: {options}"),
        "none of": _("“{question}” names none of: {options}"),
        "at least": _("“{question}” names at least {count} of: {options}"),
    }
    short = words.of("question", link_id, "short")
    return heads[rule.mode].format(question=short, count=rule.count, options="; ".join(labels))


def condition_phrase(condition: Condition, words: Wording) -> str:
    short = words.of("question", condition.question, "short")
    return _("“{question}” is {options}").format(question=short, options=option_labels(condition, words))


def option_labels(condition: Condition, words: Wording) -> str:
    """The labels of a condition's options in the questionnaire's own order, joined by "or"."""
    order = list(words.tables["question"][condition.question]["options"])
    codes = sorted(condition.any_of, key=lambda code: order.index(code) if code in order else len(order))
    return _(" or ").join(words.option(condition.question, code) for code in codes)


def criterion_sentence(criterion: Criterion, words: Wording) -> str:
    """Met when …"""
    return _("Met when %s.") % rule_sentence(criterion.rule, words)


def asked_sentence(question: Question, words: Wording) -> str:
    """Asked always, or asked when …"""
    if question.enabled_when is None:
        return _("Always asked.")
    return _("Asked when %s.") % rule_sentence(question.enabled_when, words)
