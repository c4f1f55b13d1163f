"""Faults that can be planted in a questionnaire, made mechanically: each kind at every place it fits."""

from collections.abc import Callable, Iterator
from typing import Any

Snapshot = dict[str, Any]
Plant = Callable[[Snapshot], object]
"""Changes a snapshot of a questionnaire in place."""
Fault = tuple[str, Plant]
"""Where it is planted, and the planting."""


def criteria(snapshot: Snapshot) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from enumerate(snapshot["rules"]["criterion"])


def questions(snapshot: Snapshot) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from enumerate(snapshot["rules"]["question"])


def set_in(table: str, place: int, **values: Any) -> Plant:
    return lambda snapshot: snapshot["rules"][table][place].update(values)


def conditions_of(snapshot: Snapshot) -> Iterator[tuple[str, str, list[str], list[str], Callable[[str], Callable]]]:
    """Each condition of a criterion: where, its question, its codes, the codes it could have, how to write it anew."""
    options = {row["link_id"]: row["options"] for _place, row in questions(snapshot)}
    for place, row in criteria(snapshot):
        for number, line in enumerate(row["conditions"]):
            name, _colon, codes = line.partition(": ")

            def rewrite(text, place=place, number=number, lines=row["conditions"]):
                return set_in("criterion", place, conditions=[*lines[:number], text, *lines[number + 1 :]])

            given = codes.split(", ")
            yield row["id"], name, given, [code for code in options[name] if code not in given], rewrite


def dropped_condition(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in criteria(snapshot):
        for number, line in enumerate(row["conditions"]):
            rest = [*row["conditions"][:number], *row["conditions"][number + 1 :]]
            if rest:
                yield f"{row['id']}: {line}", set_in("criterion", place, conditions=rest)


def flipped_mode(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in criteria(snapshot):
        mode = {"all of": "any of", "any of": "none of", "at least": "all of"}[row["mode"]]
        yield f"{row['id']}: {mode}", set_in("criterion", place, mode=mode)


def other_count(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in criteria(snapshot):
        for count in (row.get("count", 0) - 1, row.get("count", 0) + 1):
            if "count" in row:
                yield f"{row['id']}: {count}", set_in("criterion", place, count=count)


def swapped_option(snapshot: Snapshot) -> Iterator[Fault]:
    for where, name, codes, others, rewrite in conditions_of(snapshot):
        for other in others[:1]:
            yield f"{where}: {other} for {codes[0]}", rewrite(f"{name}: {', '.join([other, *codes[1:]])}")


def widened_criterion(snapshot: Snapshot) -> Iterator[Fault]:
    for where, name, codes, others, rewrite in conditions_of(snapshot):
        for other in others[:1]:
            yield f"{where}: {other} too", rewrite(f"{name}: {', '.join([*codes, other])}")


def narrowed_criterion(snapshot: Snapshot) -> Iterator[Fault]:
    for where, name, codes, _others, rewrite in conditions_of(snapshot):
        if len(codes) > 1:
            yield f"{where}: no {codes[-1]}", rewrite(f"{name}: {', '.join(codes[:-1])}")


def unsure_taken_as_yes(snapshot: Snapshot) -> Iterator[Fault]:
    for where, name, codes, others, rewrite in conditions_of(snapshot):
        if "not-sure" in others:
            yield f"{where}: not-sure too", rewrite(f"{name}: {', '.join([*codes, 'not-sure'])}")


def misspelt_option(snapshot: Snapshot) -> Iterator[Fault]:
    for where, name, codes, _others, rewrite in conditions_of(snapshot):
        yield f"{where}: {codes[0]}s", rewrite(f"{name}: {', '.join([codes[0] + 's', *codes[1:]])}")


def changed_kind(snapshot: Snapshot) -> Iterator[Fault]:
    kinds = ("urgent", "setting", "inclusion", "prerequisite", "exclusion", "note", "caution", "exclusion")
    for place, row in criteria(snapshot):
        kind = kinds[kinds.index(row["kind"]) + 1]
        yield f"{row['id']}: {kind}", set_in("criterion", place, kind=kind)


def changed_path(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in criteria(snapshot):
        path = {"pain": "spasticity", "spasticity": "both", "both": "pain"}[row["path"]]
        if row["kind"] in ("inclusion", "prerequisite"):
            yield f"{row['id']}: {path}", set_in("criterion", place, path=path)


def dropped_criterion(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in criteria(snapshot):
        yield row["id"], lambda snapshot, place=place: snapshot["rules"]["criterion"].pop(place)


def duplicate_criterion(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in criteria(snapshot):
        if row["kind"] == "inclusion":

            def plant(snapshot, place=place, name=row["id"]):
                snapshot["rules"]["criterion"].insert(place, {**snapshot["rules"]["criterion"][place], "id": "again"})
                words = snapshot["wording"]["en"]["criterion"]
                words["again"] = words[name]

            yield row["id"], plant


def asked_of(snapshot: Snapshot, change: Callable[[list[str], list[str]], list[str]]) -> Iterator[Fault]:
    """Each enabled_when with other codes: ``change`` gets those it has and those it could have."""
    options = {row["link_id"]: row["options"] for _place, row in questions(snapshot)}
    for place, row in questions(snapshot):
        if "enabled_when" in row:
            name, _colon, codes = row["enabled_when"]["conditions"][0].partition(": ")
            given = codes.split(", ")
            now = change(given, [code for code in options[name] if code not in given])
            if now and now != given:
                rule = {**row["enabled_when"], "conditions": [f"{name}: {', '.join(now)}"]}
                yield f"{row['link_id']}: {', '.join(now)}", set_in("question", place, enabled_when=rule)


def asked_of_more(snapshot: Snapshot) -> Iterator[Fault]:
    yield from asked_of(snapshot, lambda codes, others: [*codes, *others[:1]])


def asked_of_fewer(snapshot: Snapshot) -> Iterator[Fault]:
    yield from asked_of(snapshot, lambda codes, _others: codes[:-1])


def asked_of_others(snapshot: Snapshot) -> Iterator[Fault]:
    yield from asked_of(snapshot, lambda codes, others: [*codes[:-1], *others[:1]])


def always_asked(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        if "enabled_when" in row:
            yield row["link_id"], lambda snapshot, place=place: snapshot["rules"]["question"][place].pop("enabled_when")


def asked_by_itself(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        rule = {"mode": "any of", "conditions": [f"{row['link_id']}: {row['options'][0]}"]}
        yield row["link_id"], set_in("question", place, enabled_when=rule)


def dead_option(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):

        def plant(snapshot, place=place, name=row["link_id"]):
            snapshot["rules"]["question"][place]["options"].append("idle")
            snapshot["wording"]["en"]["question"][name]["options"]["idle"] = "Sometimes"

        if not row.get("for_the_record"):
            yield row["link_id"], plant


def option_not_unknown(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        if "unknown" in row:
            yield f"{row['link_id']}: {row['unknown'][0]}", set_in("question", place, unknown=row["unknown"][1:])


def option_made_unknown(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        unknown = row.get("unknown", [])
        yield f"{row['link_id']}: {row['options'][0]}", set_in("question", place, unknown=[row["options"][0], *unknown])


def option_not_alone(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        for code in row.get("exclusive", []):
            rest = [other for other in row["exclusive"] if other != code]
            yield f"{row['link_id']}: {code}", set_in("question", place, exclusive=rest)


def other_type(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        if row["type"] == "multi":
            yield row["link_id"], set_in("question", place, type="single")


def asked_last(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        yield row["link_id"], lambda snapshot, place=place: moved_last(snapshot["rules"]["question"], place)


def moved_last(rows: list[Any], place: int) -> None:
    rows.append(rows.pop(place))


def dropped_question(snapshot: Snapshot) -> Iterator[Fault]:
    for place, row in questions(snapshot):
        yield row["link_id"], lambda snapshot, place=place: snapshot["rules"]["question"].pop(place)


def missing_words(snapshot: Snapshot) -> Iterator[Fault]:
    words = snapshot["wording"]["en"]
    fields = {"disposition": ("heading", "next"), "criterion": ("met", "unknown"), "question": ("text", "error")}
    for table_name, names in fields.items():
        for field in names:
            for key in list(words[table_name])[:: len(words[table_name]) // 2]:

                def plant(snapshot, where=(table_name, key), field=field):
                    del snapshot["wording"]["en"][where[0]][where[1]][field]

                yield f"{table_name} {key}: {field}", plant


KINDS: dict[str, Callable[[Snapshot], Iterator[Fault]]] = {
    "condition dropped": dropped_condition,
    "mode flipped": flipped_mode,
    "N ± 1": other_count,
    "option swapped": swapped_option,
    "criterion widened": widened_criterion,
    "criterion narrowed": narrowed_criterion,
    "not sure taken as yes": unsure_taken_as_yes,
    "option misspelt": misspelt_option,
    "kind changed": changed_kind,
    "path changed": changed_path,
    "criterion dropped": dropped_criterion,
    "criterion twice": duplicate_criterion,
    "asked of more people": asked_of_more,
    "asked of fewer people": asked_of_fewer,
    "asked of others": asked_of_others,
    "always asked": always_asked,
    "asked by itself": asked_by_itself,
    "dead option": dead_option,
    "option no longer unknown": option_not_unknown,
    "option made unknown": option_made_unknown,
    "option no longer alone": option_not_alone,
    "several answers made one": other_type,
    "asked last": asked_last,
    "question dropped": dropped_question,
    "words missing": missing_words,
}
