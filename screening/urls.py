"""The patient's addresses. None of them ever holds an answer."""

from django.urls import path

from .views import how, patient, take

app_name = "screening"
urlpatterns = [
    path("", patient.start, name="start"),
    path("question/<slug:link_id>/", patient.question, name="question"),
    path("check/", patient.check, name="check"),
    path("summary/", patient.summary, name="summary"),
    path("help-now/", patient.help_now, name="help-now"),
    path("under-18/", patient.under_18, name="under-18"),
    path("renew/", patient.renew, name="renew"),
    path("how-this-works/", how.how_this_works, name="how-this-works"),
    path("leave/", patient.leave, name="leave"),
    path("left/", patient.left, name="left"),
    path("take/summary.txt", take.text, name="take-text"),
    path("take/summary.pdf", take.pdf, name="take-pdf"),
    path("take/summary.json", take.json, name="take-json"),
    path("take/large/", take.large, name="take-large"),
]
