"""Each rule of security finds bad examples, and leaves good ones alone."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from devtools.python_env import python
from devtools.semgrep import RULES, semgrep

TRY = "try:\n    f()\n"
BAD = {
    "sql-from-strings": [
        'cr.execute(f"SELECT {name}")',
        'cr.execute("SELECT %s" % name)',
        'SQL("SELECT {}".format(name))',
        'self.env.cr.execute("SELECT " + name)',
        'cr.executemany(f"SELECT {name}", rows)',
    ],
    "sudo-without-comment": [
        "x.sudo()",
        "def f():\n    return x.sudo().name",
        "def f():\n    # no sudo\n    pass\n\n\ndef g():\n    return x.sudo()",
        "def f():\n    x_sudo = 1\n\n\ndef g():\n    return x.sudo()",
    ],
    "broad-except": [
        TRY + "except Exception:\n    log()",
        TRY + "except Exception as error:\n    log(error)",
        TRY + "except BaseException:\n    log()",
        TRY + "except (ValueError, Exception):\n    log()",
        TRY + "except (ValueError, Exception) as error:\n    log(error)",
        TRY + "except:\n    pass",
        TRY + "except ValueError:\n    pass\nexcept Exception:\n    log()",
    ],
    "route-without-auth": [
        '@http.route("/x", type="http")\ndef f(self): pass',
        '@route(["/x", "/y"])\ndef f(self): pass',
    ],
    "finding-without-reason": [
        "f()\n# nosemgrep: broad-except\ng()",
        "# why\nf()  # nosemgrep: broad-except",
    ],
}
GOOD = {
    "sql-from-strings": [
        'cr.execute("SELECT %s", [name])',
        'SQL("SELECT %s", name)',
        '# A constant.\n# nosemgrep: sql-from-strings\ncr.execute("SELECT " + LOOK)',
    ],
    "sudo-without-comment": [
        "# sudo: public by design\nx.sudo()",
        "# sudo: all of the file\n\n\ndef f():\n    return 1\n\n\ny = x.sudo()",
        "def f():\n    # sudo: the user may read it\n    return x.sudo().name",
        'def f():\n    """Return as sudo."""\n    return x.sudo().name',
        "def f():\n    x_sudo = x.sudo()\n    return x_sudo",
        "x.sudo(False)",
        "x.with_user(user)",
    ],
    "broad-except": [
        TRY + "except Exception:\n    log()\n    raise",
        TRY + "except Error:\n    raise\nexcept Exception:\n    log()",
        TRY + "except Error as error:\n    raise\nexcept Exception as error:\n    pass",
        TRY + "except ValueError:\n    pass",
        f"# End.\n# nosemgrep: broad-except\n{TRY}except Exception:\n    pass",
    ],
    "route-without-auth": ['@http.route("/x", auth="user")\ndef f(self): pass'],
    "finding-without-reason": ["# why\n# nosemgrep: broad-except\ng()"],
}


class TestSemgrep(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Compare all examples in one run, each in a file of its own."""
        super().setUpClass()
        with tempfile.TemporaryDirectory() as folder:
            for sort, examples in (("bad", BAD), ("good", GOOD)):
                for rule, sources in examples.items():
                    for number, source in enumerate(sources):
                        file = Path(folder, f"{sort} {rule} {number}.py")
                        file.write_text(f"import x\n\n{source}\n")
            command = semgrep(python(), "--json", folder)
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
        cls.output = json.loads(ran.stdout)
        cls.found = {}
        for finding in cls.output["results"]:
            rules = cls.found.setdefault(Path(finding["path"]).stem, set())
            rules.add(finding["check_id"].rpartition(".")[2])

    def test_each_rule_has_examples(self):
        rules = RULES.read_text().split("\n  - id: ")[1:]
        names = {rule.split("\n")[0] for rule in rules}
        self.assertEqual(names, set(BAD))
        self.assertEqual(names, set(GOOD))

    def test_all_examples_were_read(self):
        count = sum(len(sources) for group in (BAD, GOOD) for sources in group.values())
        # It warns of "nosemgrep" in a finding, which does not name its rule.
        errors = [e for e in self.output["errors"] if e["type"] != "SemgrepWarning"]
        self.assertFalse(errors)
        self.assertEqual(len(self.output["paths"]["scanned"]), count)

    def test_bad_examples_are_found(self):
        for rule, sources in BAD.items():
            for number, source in enumerate(sources):
                with self.subTest(rule=rule, source=source):
                    self.assertEqual(self.found.get(f"bad {rule} {number}"), {rule})

    def test_good_examples_are_left_alone(self):
        for rule, sources in GOOD.items():
            for number, source in enumerate(sources):
                with self.subTest(rule=rule, source=source):
                    self.assertIsNone(self.found.get(f"good {rule} {number}"))
