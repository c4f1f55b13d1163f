"""What an administrator does to an account stands in the audit: a role opens what patients sent."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from screening.models import AuditEvent


def traces():
    return list(AuditEvent.objects.order_by("number").values_list("action", "by__username", "subject", "detail"))


def test_a_role_given_to_a_colleague_is_traced(client, administrator, editor):
    client.force_login(administrator)
    group = editor.groups.get()
    form = {"username": "edith", "is_active": "on", "is_staff": "on", "groups": [group.pk]}
    form |= {"date_joined_0": "2026-11-20", "date_joined_1": "10:00:00"}
    response = client.post(reverse("admin:auth_user_change", args=[editor.pk]), form)
    assert response.status_code == 302
    assert traces() == [("account", "adam", f"account {editor.pk}", "Editor")]


def test_a_new_password_for_a_colleague_is_traced_without_the_password(client, administrator, nurse):
    client.force_login(administrator)
    form = {"password1": "quite another long one 7", "password2": "quite another long one 7", "usable_password": "true"}
    response = client.post(reverse("admin:auth_user_password_change", args=[nurse.pk]), form)
    assert response.status_code == 302
    assert traces() == [("account", "adam", f"account {nurse.pk}", "a new password")]


def test_a_password_that_is_refused_leaves_no_trace(client, administrator, nurse):
    client.force_login(administrator)
    client.post(reverse("admin:auth_user_password_change", args=[nurse.pk]), {"password1": "a", "password2": "b"})
    assert traces() == []


def test_a_right_given_past_the_roles_counts_for_nothing_and_is_not_offered(client, administrator, editor):
    editor.user_permissions.add(Permission.objects.get(codename="use_desk"))
    editor = get_user_model().objects.get(pk=editor.pk)
    assert not editor.has_perm("screening.use_desk")
    assert editor.has_perm("content.change_page")
    client.force_login(editor)
    assert client.get(reverse("intake:desk")).status_code == 403
    client.force_login(administrator)
    form = client.get(reverse("admin:auth_user_change", args=[editor.pk])).context["adminform"].form
    assert "groups" in form.fields
    assert "user_permissions" not in form.fields


def test_a_superuser_is_not_offered_it_either(admin_client, editor):
    form = admin_client.get(reverse("admin:auth_user_change", args=[editor.pk])).context["adminform"].form
    assert "is_superuser" in form.fields
    assert "user_permissions" not in form.fields
