"""Called by `devtools.benchmark`, with the Python that has the pinned packages."""

import argparse
import json
import statistics
import time
from pathlib import Path

from ..world import Place, smtp_server
from .side import Side
from .work import Work

# Odoo's two ways to serve: threads, and this many processes.
WORKERS = (0, 2)


def main():
    """Fill both databases, compare, and write the results to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("plain", "tracked", "addons", "shape"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("folder", "logs", "result"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    for name in ("contacts", "messages", "recipients", "rounds"):
        parser.add_argument(f"--{name}", required=True, type=int)
    options = parser.parse_args()
    place = Place("", options.addons, options.folder, options.logs)
    smtp = smtp_server()
    plain, tracked = (
        Side(place, getattr(options, name), smtp.port, name == "tracked")
        for name in ("plain", "tracked")
    )
    results = []
    try:
        size = {n: getattr(options, n) for n in ("contacts", "messages", "recipients")}
        for side in (plain, tracked):
            _say(f"fill {side.database}")
            side.fill(**size)
        for workers in WORKERS:
            served = {"shape": options.shape, "workers": workers}
            results += [
                {**served, **row}
                for row in compared(plain, tracked, smtp, workers, options.rounds)
            ]
    finally:
        smtp.stop()
    options.result.write_text(json.dumps(results))


def compared(plain, tracked, smtp, workers, rounds):
    """Run everything on both sides, interleaved; yield the results."""
    sides = plain, tracked
    try:
        for side in sides:
            side.launch(workers)
        for side in sides:
            side.log_in()
        works = [Work(side, smtp) for side in sides]
        of_plain, of_tracked = (work.names() for work in works)
        besides = works[1].names_of_tracked()
        for name, (call, repeat, blocks) in of_plain.items():
            _say(f"{name}, {workers or 'threads'}")
            calls = [(plain, call), (tracked, of_tracked[name][0])]
            more = besides.get(name)
            calls += [(tracked, more[1])] if more else []
            base, *others = measured(calls, repeat, rounds * blocks)
            for what, row in zip((name, *(more or ())[:1]), others, strict=True):
                yield {"what": what, "plain": base, "tracked": row}
    finally:
        for side in sides:
            side.stop()


def measured(calls, repeat, blocks):
    """Measure calls, interleaved; return the medians of each.

    :param list calls: pairs of side and function
    :param int repeat: how often a block calls each
    :param int blocks: how many are measured, after a call that warms caches
    :return: a dict each: seconds of CPU of Odoo, of PostgreSQL, of the clock, and
        statements, all of one call
    """
    for _side, call in calls:
        call()
    rows = [[] for _call in calls]
    for number in range(blocks):
        # Whoever is first finds the caches of the machine as the other has left them.
        order = range(len(calls)) if number % 2 else reversed(range(len(calls)))
        for index in order:
            rows[index].append(_once(*calls[index], repeat))
    names = ("odoo", "postgresql", "clock", "statements")
    return [
        dict(zip(names, map(statistics.median, zip(*row, strict=True)), strict=True))
        for row in rows
    ]


def _once(side, call, repeat):
    place, before, begun = side.server.place_in_log(), side.cost(), time.perf_counter()
    for _time in range(repeat):
        call()
    clock = time.perf_counter() - begun
    spent = [b - a for a, b in zip(before, side.cost(), strict=True)]
    return [n / repeat for n in (*spent, clock, side.statements(place))]


def _say(what):
    print(what, flush=True)  # noqa: T201 - the log, from which progress is told


main()
