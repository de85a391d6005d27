"""Tables of words in text files: the one reader. Pure.

`[name]` begins a row, whose lines are patterns of `re`; a line that begins with four
spaces continues the pattern before it, "#" begins a comment.
"""

import re
from pathlib import Path

ROW = re.compile(r"\[(\w+)\]$")


def read_table(text, names=(), flags=0):
    """Return the rows of a table of words.

    :param str text: in the format described above
    :param names: pairs (name, pattern), put into the patterns in place of the names
    :param int flags: of `re.compile`
    :return: list of tuples (name of the row, compiled pattern), in their order
    :raise re.error: when a pattern is invalid
    """
    rows = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if row := ROW.match(line):
            rows.append((row[1], []))
        elif line.startswith("    "):
            rows[-1][1][-1] += line[4:]
        else:
            rows[-1][1].append(line)
    return [(name, _compiled(lines, names, flags)) for name, lines in rows]


def read_file(name, **options):
    """Return the rows of a file beside this one, see `read_table`."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return read_table(text, **options)


def _compiled(patterns, names, flags):
    text = "|".join(patterns)
    for name, pattern in names:
        text = text.replace(name, pattern)
    return re.compile(text, flags)
