"""How a member of staff is named on pages and in the desk."""

from ..models import Person


def name_of(user) -> str:
    """Name, training and role as the list of people has them; else the account's full name, or its short one."""
    person = Person.objects.filter(user=user).first()
    return f"{person}, {person.role}"[:120] if person else user.get_full_name() or user.get_username()
