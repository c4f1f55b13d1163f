"""The search index over SearchEntry, kept up to date by the database itself: FTS5 on SQLite, a tsvector on PostgreSQL.

SQLite drops a table's triggers when Django makes the table anew: a later migration that alters SearchEntry begins with
``take_away`` and ends with ``put_up`` of this one.
"""

import unicodedata

from django.db import migrations

ACCENTED = [
    (chr(code), plain) for code in range(0xC0, 0x250) if (plain := unicodedata.normalize("NFD", chr(code))[0]).isascii()
]
PUNCTUATION = "-–—‑/\\’'`.,:;…_@&+=~%#*|<>"
FROM = "".join(accented for accented, _plain in ACCENTED) + PUNCTUATION.replace("'", "''")
TO = "".join(plain for _accented, plain in ACCENTED) + " " * len(PUNCTUATION)


def weighed(column, weight):
    """A column's words: accents folded, punctuation a space, so that "and/or" is two words and no file's path."""
    config = "CASE language WHEN 'en' THEN 'english'::regconfig ELSE 'simple'::regconfig END"
    return f"setweight(to_tsvector({config}, translate({column}, '{FROM}', '{TO}')), '{weight}')"


PUT_UP = {
    "sqlite": [
        """CREATE VIRTUAL TABLE content_search USING fts5(
            title, summary, words, content='content_searchentry', content_rowid='id',
            tokenize='porter unicode61 remove_diacritics 2'
        )""",
        """CREATE TRIGGER content_search_added AFTER INSERT ON content_searchentry BEGIN
            INSERT INTO content_search(rowid, title, summary, words)
            VALUES (new.id, new.title, new.summary, new.words);
        END""",
        """CREATE TRIGGER content_search_gone AFTER DELETE ON content_searchentry BEGIN
            INSERT INTO content_search(content_search, rowid, title, summary, words)
            VALUES ('delete', old.id, old.title, old.summary, old.words);
        END""",
        """CREATE TRIGGER content_search_changed AFTER UPDATE ON content_searchentry BEGIN
            INSERT INTO content_search(content_search, rowid, title, summary, words)
            VALUES ('delete', old.id, old.title, old.summary, old.words);
            INSERT INTO content_search(rowid, title, summary, words)
            VALUES (new.id, new.title, new.summary, new.words);
        END""",
        "INSERT INTO content_search(content_search) VALUES ('rebuild')",
    ],
    "postgresql": [
        f"""ALTER TABLE content_searchentry ADD COLUMN search tsvector GENERATED ALWAYS AS (
            {weighed("title", "A")} || {weighed("summary", "B")} || {weighed("words", "D")}
        ) STORED""",
        # not compressed: a search reads it for each page that may be found
        "ALTER TABLE content_searchentry ALTER COLUMN search SET STORAGE EXTERNAL",
        "CREATE INDEX content_searchentry_search ON content_searchentry USING gin (search)",
    ],
}
TAKE_AWAY = {
    "sqlite": [
        "DROP TRIGGER content_search_added",
        "DROP TRIGGER content_search_gone",
        "DROP TRIGGER content_search_changed",
        "DROP TABLE content_search",
    ],
    "postgresql": ["ALTER TABLE content_searchentry DROP COLUMN search"],
}


def put_up(apps, schema_editor):
    for statement in PUT_UP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def take_away(apps, schema_editor):
    for statement in TAKE_AWAY[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("content", "0002_trusted_guide")]
    operations = [migrations.RunPython(put_up, take_away)]
