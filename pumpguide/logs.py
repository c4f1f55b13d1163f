"""What must not come into a log, cut off before it is written."""

import logging
import re

DELETE_LINK = re.compile(r"(/screening/delete/).+", re.IGNORECASE | re.DOTALL)


class WithoutDeleteLinks(logging.Filter):
    """Cuts an address below ``/screening/delete/``: its end is the secret that deletes what a patient sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if DELETE_LINK.search(said):
            record.msg, record.args = DELETE_LINK.sub(r"\1…", said), ()
        return True
