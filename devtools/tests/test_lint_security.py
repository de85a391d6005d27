"""Each rule finds a bad example, and leaves a good one alone."""

import importlib.util
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts/lint_security.py"
spec = importlib.util.spec_from_file_location("lint_security", SCRIPT)
lint_security = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lint_security)

BAD = {
    "sql-from-strings": [
        'cr.execute(f"SELECT {name}")',
        'cr.execute("SELECT %s" % name)',
        'SQL("SELECT {}".format(name))',
        'self.env.cr.execute("SELECT " + name)',
    ],
    "markup-on-data": ["Markup(body)", 'Markup(f"<p>{name}</p>")'],
    "sudo-without-comment": ["x.sudo()", "def f():\n    return x.sudo().name"],
    "broad-except": [
        "try:\n    f()\nexcept Exception:\n    log()",
        "try:\n    f()\nexcept:\n    pass",
    ],
    "route-without-auth": ['@http.route("/x", type="http")\ndef f(self): pass'],
}
GOOD = {
    "sql-from-strings": [
        'cr.execute("SELECT %s", [name])',
        'SQL("SELECT %s", name)',
        'cr.execute("SELECT " + LOOK)  # safe: a constant',
    ],
    "markup-on-data": ['Markup("<p>%s</p>") % name', "Markup()"],
    "sudo-without-comment": [
        "# sudo: public by design\nx.sudo()",
        "def f():\n    # sudo: the user may read it\n    return x.sudo().name",
        "def f():\n    x_sudo = x.sudo()\n    return x_sudo",
        "x.sudo(False)",
        "x.with_user(user)",
    ],
    "broad-except": [
        "try:\n    f()\nexcept Exception:\n    log()\n    raise",
        "try:\n    f()\nexcept Error:\n    raise\nexcept Exception:\n    log()",
        "try:\n    f()\nexcept ValueError:\n    pass",
        "try:\n    f()\n# safe: the end of a thread\nexcept Exception:\n    log()",
    ],
    "route-without-auth": ['@http.route("/x", auth="user")\ndef f(self): pass'],
}


class TestLintSecurity(unittest.TestCase):
    def found(self, source):
        findings = lint_security.findings(Path("models/x.py"), source + "\n")
        return {rule for _line, rule in findings}

    def test_each_rule_has_examples(self):
        self.assertEqual(set(BAD), set(lint_security.RULES))
        self.assertEqual(set(GOOD), set(lint_security.RULES))
        self.assertEqual(set(lint_security.ADVICE), set(lint_security.RULES))

    def test_bad_examples_are_found(self):
        for rule, sources in BAD.items():
            for source in sources:
                with self.subTest(rule=rule, source=source):
                    self.assertEqual(self.found(source), {rule})

    def test_good_examples_are_left_alone(self):
        for rule, sources in GOOD.items():
            for source in sources:
                with self.subTest(rule=rule, source=source):
                    self.assertFalse(self.found(source))

    def test_the_guard_may_catch_everything(self):
        findings = lint_security.findings(lint_security.GUARD, BAD["broad-except"][0])
        self.assertFalse(findings)


if __name__ == "__main__":
    unittest.main()
