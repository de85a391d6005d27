"""The results as a table of reStructuredText, and as a plot."""

from html import escape

BEGIN, END = ".. bench: begin\n", ".. bench: end\n"
# Columns of the table: title, width.
TABLE_COLUMNS = (("what", 40), ("shape", 6), ("served by", 11), ("SQL", 12), ("CPU", 6))
TABLE_COLUMNS += (("of Odoo", 9), ("of PostgreSQL", 14), ("clock", 6))
BAR, LINE, LEFT, SCALE = 12, 18, 380, 260


def ratios(row):
    """Return how many times the CPU of both, of Odoo, of PostgreSQL, and the time."""
    plain, tracked = row["plain"], row["tracked"]
    parts = ("odoo", "postgresql"), ("odoo",), ("postgresql",), ("clock",)
    sums = [
        [sum(side[p] for p in names) for side in (plain, tracked)] for names in parts
    ]
    return [after / before if before else None for before, after in sums]


def table(report):
    """Return the table, with machine, date and command below it."""
    rule = " ".join("=" * width for _title, width in TABLE_COLUMNS)
    lines = [rule, _line([title for title, _width in TABLE_COLUMNS]), rule]
    for row in report["comparison"]:
        base = row["plain"]["statements"]
        more = row["tracked"]["statements"] - base
        served = f"{row['workers']} workers" if row["workers"] else "threads"
        numbers = ["–" if n is None else f"{n:.2f}" for n in ratios(row)]
        sql = f"{more:+.0f} of {base:.0f}" if base < 1000 else f"{more:+.0f}"
        lines.append(_line([row["what"], row["shape"], served, sql, *numbers]))
    circumstances = (
        f"``{report['command']}``, {report['date']}, commit {report['commit']},"
        f" {report['machine']}, load {report['load']}, {report['took']} s in all."
    )
    return "\n".join([*lines, rule, "", circumstances, ""])


def _line(cells):
    pairs = zip(cells, TABLE_COLUMNS, strict=True)
    return " ".join(cell.ljust(width) for cell, (_title, width) in pairs).rstrip()


def plot(report):
    """Return an SVG: the CPU of Odoo and PostgreSQL together, plain Odoo being 1."""
    rows = report["comparison"]
    height = LINE * (len(rows) + 2)
    width = LEFT + 2 * SCALE
    one = LEFT + SCALE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        "<style>text { font: 11px sans-serif } rect { fill: #714b67 }</style>",
        f'<text x="{LEFT}" y="12">CPU of Odoo and PostgreSQL, plain Odoo = 1</text>',
    ]
    for number, row in enumerate(rows, 1):
        ratio = ratios(row)[0] or 0
        y = LINE * number
        served = f"{row['workers']} workers" if row["workers"] else "threads"
        name = escape(f"{row['what']}, {row['shape']}, {served}")
        bar = min(ratio, 1.9) * SCALE
        parts += [
            f'<text x="{LEFT - 6}" y="{y + 10}" text-anchor="end">{name}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{bar:.0f}" height="{BAR}"/>',
            f'<text x="{LEFT + bar + 4:.0f}" y="{y + 10}">{ratio:.2f}</text>',
        ]
    parts += [
        f'<path d="M{one} {LINE} V{LINE * (len(rows) + 1)}" stroke="#888"/>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def written_into(page, text):
    """Return a page with what stands between its two comments replaced."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no place for the table")
    return f"{before}{begin}\n{text}\n{end}{after}"
