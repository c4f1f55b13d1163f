"""The rules engine: what clinicians sign.

Pure Python, standard library only: no Django, no clock, no database, no settings. Anyone may import it.
"""
