"""The intake nurses' addresses. None of them ever holds more than a number."""

from django.urls import path

from .views import audit, blank, callbacks, enter, glass, intake, intake_record, intake_take, paper, phone

app_name = "intake"
urlpatterns = [
    path("", intake.desk, name="desk"),
    path("find/", intake.find, name="find"),
    path("<int:number>/", intake_record.screening, name="screening"),
    path("<int:number>/contact/", intake_record.contact, name="contact"),
    path("<int:number>/review/", intake_record.review, name="review"),
    path("<int:number>/look/", intake_record.look, name="look"),
    path("<int:number>/delete/", intake_record.delete, name="delete"),
    path("print/", intake_take.print_sheets, name="print"),
    path("print/pdf/", intake_take.pdf, name="print-pdf"),
    path("export/csv/", intake_take.export_csv, name="export-csv"),
    path("export/fhir/", intake_take.export_fhir, name="export-fhir"),
    path("paper/", paper.paper, name="paper"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("callbacks/<int:number>/", callbacks.callback, name="callback"),
    path("callbacks/<int:number>/claim/", callbacks.claim, name="claim"),
    path("callbacks/<int:number>/release/", callbacks.release, name="release"),
    path("callbacks/<int:number>/contact/", callbacks.reveal, name="reveal-callback"),
    path("callbacks/<int:number>/attempt/", callbacks.attempt, name="attempt"),
    path("callbacks/<int:number>/close/", callbacks.close, name="close"),
    path("callbacks/<int:number>/reopen/", callbacks.reopen, name="reopen"),
    path("glass/", glass.glass, name="glass"),
    path("audit/", audit.audit, name="audit"),
    path("new/", enter.new, name="new"),
    path("phone/", phone.phone, name="phone"),
    path("phone/question/<slug:link_id>/", phone.question, name="phone-question"),
    path("phone/help-now/", phone.help_now, name="phone-help"),
    path("phone/check/", phone.check, name="phone-check"),
    path("phone/stored/", phone.stored, name="phone-stored"),
    path("blank/", blank.blank, name="blank"),
    path("blank/<int:version>/", blank.blank, name="blank-version"),
    path("enter/<int:version>/", enter.enter, name="enter"),
    path("entered/<int:number>/", enter.entered, name="entered"),
]
