"""The checks behind the checklist, by subject. Pure: each takes a Draft and gives what it found; checklist.py calls."""
