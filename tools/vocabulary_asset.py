"""The vocabulary for the web client: a JavaScript file with the words as terms.

After each change of `vocabulary`, write it anew in the folder of the addon with
``python3 -m tools.vocabulary_asset``; a test compares the two.
"""

import json
from pathlib import Path

from . import vocabulary

ASSET = Path(__file__).parent.parent / "static/src/common/vocabulary.js"
WIDTH = 100  # as in .prettierrc.json

HEAD = """\
// Made of tools/vocabulary.py by `python3 -m tools.vocabulary_asset`: change it there.

import { _t } from "@web/core/l10n/translation";
"""

# Name of each table to its comment, its rows, and the columns that the client has: the
# name in JavaScript to the one in Python.
WORDS = {"title", "text", "reason", "advice", "words"}
TABLES = {
    "STATUSES": (
        "The statuses on screen, problems first.",
        vocabulary.STATUSES,
        {
            "tone": "tone",
            "title": "title",
            "isFailed": "is_failed",
            "isOpened": "is_opened",
            "isTracked": "is_tracked",
        },
    ),
    "STATES": (
        "The states of a recipient, by rank: what differs from the status.",
        vocabulary.STATES,
        {
            "status": "status",
            "place": "place",
            "tone": "tone",
            "title": "title",
            "text": "text",
            "reason": "reason",
            "advice": "advice",
            "action": "action",
            "isFailed": "is_failed",
            "isIncoming": "is_incoming",
            "isCopy": "is_copy",
            "isInOdoo": "is_in_odoo",
        },
    ),
    "REASONS": (
        "Why a mail failed or was not sent.",
        [reason for reason in vocabulary.REASONS if reason.is_said],
        {"words": "words", "advice": "advice", "action": "action"},
    ),
}


# Values of rows that do not state one: most failures can be retried.
DEFAULTS = {"action": "retry"}
# Words that several rows share are written once. Proofs come with the event.
OF_SERVER = ("PROVED_BY_SERVER", "PROVED_BY_PROVIDER", "LIKELY", "NOT_PROVED")
SHARED = {
    text: name
    for name, text in vars(vocabulary).items()
    if name.isupper() and isinstance(text, str) and name not in OF_SERVER
}


def render():
    """Return the text of the JavaScript file."""
    tables = [
        f"/** {comment} */\nexport const {name} = {{\n{_rows(rows, columns)}}};\n"
        for name, (comment, rows, columns) in TABLES.items()
    ]
    shared = [f"const {name} = {_term(text)};\n" for text, name in SHARED.items()]
    return "\n".join([HEAD, "".join(shared), *tables])


def _term(text):
    return f"_t({json.dumps(text, ensure_ascii=False)})"


def _rows(rows, columns):
    lines = []
    for row in rows:
        values = {name: getattr(row, column) for name, column in columns.items()}
        cells = [
            _cell(name, value)
            for name, value in values.items()
            if value not in ("", None, DEFAULTS.get(name))
            and (value or columns[name] in _nullable(row))
        ]
        if cells:
            lines.append(f"    {row.code}: {{\n{''.join(cells)}    }},\n")
    return "".join(lines)


def _nullable(row):
    """Return the columns in which false differs from nothing."""
    return {name for name, value in row._field_defaults.items() if value is None}


def _cell(name, value):
    """Return one line, or three where prettier breaks it."""
    if value in SHARED:
        return f"        {name}: {SHARED[value]},\n"
    text = json.dumps(value, ensure_ascii=False)
    if name not in WORDS:
        return f"        {name}: {text},\n"
    line = f"        {name}: {_term(value)},\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"        {name}: _t(\n            {text}\n        ),\n"


if __name__ == "__main__":
    ASSET.write_text(render())
