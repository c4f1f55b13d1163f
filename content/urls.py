"""The guide answers every path that nothing else does and that looks like one of its own."""

from django.urls import re_path

from . import views

app_name = "content"
urlpatterns = [re_path(r"^(?P<path>(?:[a-z0-9-]{1,80}/){0,4})$", views.page, name="page")]
