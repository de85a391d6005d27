import csv
import time

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from ...tools.open_evidence import classify_agent

TABLE = "mail_activity_tracking/tests/samples/agents.tsv"


@tagged("post_install", "-at_install")
class TestAgentKinds(BaseCase):
    """Programs that load images, kind by kind, with their sources."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open(TABLE) as file:
            reader = csv.DictReader(file, delimiter="	", quoting=csv.QUOTE_NONE)
            cls.rows = list(reader)

    def test_class_of_each_kind(self):
        wrong = [
            (row["agent"], row["class"], evidence)
            for row in self.rows
            if (evidence := classify_agent(row["agent"])[0]) != row["class"]
        ]
        self.assertEqual(wrong, [])

    def test_table(self):
        self.assertGreaterEqual(len(self.rows), 300)
        self.assertTrue(all(row["source"] for row in self.rows))
        agents = [row["agent"] for row in self.rows]
        self.assertEqual(len(agents), len(set(agents)))

    def test_new_agents_are_cheap(self):
        """Many agents are unique, and anybody can send any agent."""
        agents = [f"{row['agent']} {number}" for number, row in enumerate(self.rows)]
        begun = time.thread_time()
        for agent in agents:
            classify_agent(agent)
        self.assertLess(time.thread_time() - begun, len(agents) * 0.00015)
