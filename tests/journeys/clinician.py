"""What a clinician does at the questionnaire's desk, in plain verbs. Things are found by role and by name."""

import re

from .staff import Staff

DRAFTS = "/admin/screening/questionnairedraft/"


class Clinician(Staff):
    """One clinician and their browser."""

    def begins_a_draft(self, version):
        self.page.goto(DRAFTS)
        self.looks_over("drafts")
        self.presses(f"New draft from version {version}")

    def opens_the_draft(self):
        self.page.goto(DRAFTS)
        self.clicks(self.page.locator("#content").get_by_role("link", name=re.compile("^Go on with")))

    def saves_the_row(self):
        self.presses("Save")

    def checks(self):
        self.presses("Check now")

    def signs_what_differs(self):
        while (signing := self.page.get_by_role("button", name=re.compile("as it is now$"))).count():
            self.clicks(signing.first)

    def sends_to_review(self, reason):
        self.page.get_by_label("Reason for the change").fill(reason)
        self.presses("Send to review")
