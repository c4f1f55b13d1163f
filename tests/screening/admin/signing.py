"""A clinician signs a test patient for what the draft says now, without the desk."""

from screening.actions import sign_patient
from screening.admin.overview import Overview


def sign(patient, by):
    sign_patient(patient, by=by, at=patient.draft.created_at, seen=Overview(patient.draft).seen(patient))
