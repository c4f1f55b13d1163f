"""Staff accounts in the admin. Only a superuser makes superusers; everyone else gives roles."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.audit import record
from screening.models import Action

from .staff import actions
from .staff.models import SecondStep

admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = (*UserAdmin.list_display, "has_second_step")
    actions = ("reset_second_step",)
    filter_horizontal = ("groups",)

    def get_fieldsets(self, request, obj=None):
        """Django's, without the field of rights for one account: they count for nothing (``RolesBackend``)."""
        shown = super().get_fieldsets(request, obj)
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "user_permissions"]})
            for title, options in shown
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(stepped=Exists(SecondStep.objects.filter(user=OuterRef("pk"))))

    @admin.display(boolean=True, description=gettext_lazy("second step"), ordering="stepped")
    def has_second_step(self, user):
        """Whether there is one; nobody sees its secret."""
        return user.stepped

    def get_readonly_fields(self, request, obj=None):
        """Nobody gives themselves a role: an administrator opens what patients sent by breaking the glass alone."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", *(["groups"] if obj == request.user else []))

    def has_change_permission(self, request, obj=None):
        """Nobody but a superuser changes a superuser (or takes over the account by a new password)."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        """A role opens what patients sent: who gave which to whom stands in the audit."""
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            user = form.instance
            roles = ", ".join(user.groups.order_by("name").values_list("name", flat=True)) or "no role"
            detail = roles + ("" if user.is_active else ", closed") + (", superuser" if user.is_superuser else "")
            record(Action.ACCOUNT, by=request.user, at=timezone.now(), subject=f"account {user.pk}", detail=detail)

    def user_change_password(self, request, id, form_url=""):  # the name is Django's
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                at = timezone.now()
                record(Action.ACCOUNT, by=request.user, at=at, subject=f"account {id}", detail="a new password")
        return response

    @admin.action(
        permissions=["change"],
        description=gettext_lazy("Reset the second step: they set up an app anew after their next password"),
    )
    def reset_second_step(self, request, users):
        """For colleagues who lost phone and codes. One's own stays: who borrows a desk must not take it off."""
        count = 0
        for user in users:
            if user == request.user:
                messages.warning(request, _("Your own second step was left as it is. Ask a colleague, or use a code."))
            elif not self.has_change_permission(request, user):
                messages.warning(request, _("Account %d is not yours to change.") % user.pk)
            elif actions.reset(user, by=request.user, at=timezone.now()):
                self.log_change(request, user, _("Reset the second step."))
                count += 1
        told = ngettext("%d second step was reset.", "%d second steps were reset.", count) % count
        messages.success(request, told)
