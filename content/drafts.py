"""Writes a snapshot's own content back into a page's working rows; used by restore and by import."""

from django.utils.dateparse import parse_date

from .models import Block, ConditionFacts, DrugFacts, DrugUse, Page, Person, Picture, PumpTypeFacts, StepFacts
from .snapshot import BLOCK_FIELDS, PAGE_FIELDS

FACT_MODELS = {
    "drug_facts": DrugFacts,
    "pump_type_facts": PumpTypeFacts,
    "condition_facts": ConditionFacts,
    "step_facts": StepFacts,
}
DATES = ("as_of",)


def copy_to_draft(page: Page, data: dict) -> None:
    """Make the working rows equal to a snapshot's fields, facts and blocks."""
    for field in PAGE_FIELDS:
        setattr(page, field, data[field])
    page.reviewed_on = parse_date(data["reviewed_on"]) if data["reviewed_on"] else None
    page.next_review = parse_date(data["next_review"]) if data["next_review"] else None
    page.edit_number += 1  # whoever has the old draft open is told on saving
    page.save()
    write_blocks(page, data["blocks"])
    write_facts(page, data["facts"])


def write_blocks(page: Page, blocks: list[dict]) -> None:
    page.blocks.all().delete()
    Block.objects.bulk_create(
        Block(
            page=page,
            position=position,
            **{field: block[field] for field in BLOCK_FIELDS},
            person=person_called(block["person"]) if block.get("person") else None,
            picture=Picture.objects.filter(hash=block["picture"]["hash"]).first() if block.get("picture") else None,
            consent_on=parse_date(block["consent_on"]) if block.get("consent_on") else None,
        )
        for position, block in enumerate(blocks, start=1)
    )


def person_called(told: dict) -> Person | None:
    """Whom a snapshot names: by name and titles; by name alone where titles changed since and one has that name."""
    of_name = list(Person.objects.filter(name=told["name"]))
    exact = [person for person in of_name if person.credentials == told["credentials"]]
    return next(iter(exact or (of_name if len(of_name) == 1 else [])), None)


def write_facts(page: Page, facts: dict) -> None:
    for name, model in FACT_MODELS.items():
        model.objects.filter(page=page).delete()
        if name in facts:
            model.objects.create(page=page, **from_json(facts[name]))
    page.drug_uses.all().delete()
    DrugUse.objects.bulk_create(
        DrugUse(page=page, position=position, **from_json(use))
        for position, use in enumerate(facts.get("drug_uses", []), start=1)
    )


def from_json(row: dict) -> dict:
    return {field: (parse_date(value) if value else None) if field in DATES else value for field, value in row.items()}
