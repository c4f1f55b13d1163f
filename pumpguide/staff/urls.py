"""The addresses of staff's own accounts."""

from django.urls import path

from . import views

app_name = "staff"
urlpatterns = [
    path("", views.home, name="home"),
    path("session/", views.session, name="session"),
    path("code/", views.verify, name="verify"),
    path("set-up/", views.set_up, name="set-up"),
    path("second-step/", views.second_step, name="second-step"),
]
