"""Whose rights count: those of a person's roles."""

from django.contrib.auth.backends import ModelBackend


class RolesBackend(ModelBackend):
    """Django's own, but a right comes from a role or is not there: none is handed to a single account past the roles.

    So the list of roles says all about who may do what, and asking for rights takes one query instead of two.
    """

    def get_user_permissions(self, user_obj, obj=None) -> set[str]:
        return set()
