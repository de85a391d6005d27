import unittest
import xml.etree.ElementTree as ET

from .report import BEGIN, END, plot, table, written_into


def side(odoo, postgresql, clock, statements):
    return {
        "odoo": odoo,
        "postgresql": postgresql,
        "clock": clock,
        "statements": statements,
    }


REPORT = {
    "command": "./dev bench --size small",
    "date": "2026-01-01",
    "commit": "abc",
    "machine": "2 cores",
    "load": 1,
    "took": 60,
    "comparison": [
        {
            "what": "post <to> 10",
            "shape": "many",
            "workers": 2,
            "plain": side(1, 1, 4, 100),
            "tracked": side(1.2, 1, 5, 109),
        },
        {
            "what": "page load",
            "shape": "few",
            "workers": 0,
            "plain": side(1, 0, 1, 10),
            "tracked": side(1.5, 0, 1, 10),
        },
    ],
}


class TestReport(unittest.TestCase):
    def test_table(self):
        lines = table(REPORT).splitlines()
        self.assertEqual(
            lines[3].split()[4:],
            ["2", "workers", "+9", "of", "100"] + ["1.10", "1.20", "1.00", "1.25"],
        )
        self.assertEqual(lines[4].split()[-4:], ["1.50", "1.50", "–", "1.00"])
        self.assertLessEqual(max(map(len, lines)), len(lines[0]))
        for word in ("./dev bench --size small", "2026-01-01", "abc", "2 cores"):
            self.assertIn(word, lines[-1])

    def test_plot(self):
        root = ET.fromstring(plot(REPORT))  # noqa: S314 - our own
        texts = [node.text for node in root if node.tag.endswith("text")]
        self.assertIn("post <to> 10, many, 2 workers", texts)
        self.assertIn("1.10", texts)
        bars = [node for node in root if node.tag.endswith("rect")]
        widths = [float(bar.get("width")) for bar in bars]
        self.assertEqual(len(widths), 2)
        self.assertLess(*widths)

    def test_place_in_the_page(self):
        page = f"before\n{BEGIN}old\n{END}after"
        once = written_into(page, "new")
        self.assertEqual(once, f"before\n{BEGIN}\nnew\n{END}after")
        self.assertEqual(written_into(once, "new"), once)
        with self.assertRaises(ValueError):
            written_into("no place", "new")
