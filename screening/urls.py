"""The patient's addresses. None of them ever holds an answer, and only the delete link holds a secret."""

from django.urls import path, re_path

from .views import callback, how, patient, send, take, take_back

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
    path("how-this-works/<int:version>/", how.how_this_works, name="how-version-works"),
    path("leave/", patient.leave, name="leave"),
    path("left/", patient.left, name="left"),
    path("take/summary.txt", take.text, name="take-text"),
    path("take/summary.pdf", take.pdf, name="take-pdf"),
    path("take/summary.json", take.json, name="take-json"),
    path("take/large/", take.large, name="take-large"),
    path("send/", send.send, name="send"),
    path("sent/", send.sent, name="sent"),
    path("delete/", take_back.delete, name="delete"),
    # whatever a mail program added to the link comes here as well: an address that is not found would be logged
    re_path(r"^delete/(?P<link>[\s\S]+)$", take_back.delete_link, name="delete-link"),
    path("deleted/", take_back.deleted, name="deleted"),
    path("deletion-asked/", take_back.deletion_asked, name="deletion-asked"),
    path("call/", callback.call, name="call"),
    path("called/", callback.called, name="called"),
]
