"""What README, settings page of the docs and the Apps page name exists."""

import io
import re
from pathlib import Path

from docutils.core import publish_doctree

from odoo.tests import BaseCase, tagged

MODULE = "mail_activity_tracking"
REPOSITORY = Path(__file__).parents[2]

README = REPOSITORY / "README.rst"
PAGES = [*REPOSITORY.glob("*.rst"), *(REPOSITORY / "docs").rglob("*.rst")]
APPS_PAGE = REPOSITORY / "static/description/index.html"
PICTURES_SIZE = 600_000
LINK = re.compile(r"<([\w./]+)>`_|(?:image|figure):: (\S+)")

CLASS = re.compile(r"^class (Test\w+)", re.MULTILINE)
NAMED_TEST = re.compile(r"``(Test\w+)``")
NAMED_FILE = re.compile(r"``([\w.]+/[\w/.-]+\.\w+)``")


@tagged("post_install", "-at_install")
class TestDocuments(BaseCase):
    def test_settings_page_has_every_system_parameter(self):
        code = (REPOSITORY / "tools/params.py").read_text()
        page = (REPOSITORY / "docs/settings.rst").read_text()
        documented = re.findall(rf"``{MODULE}\.(\w+?)(?:<name>)?``", page)
        self.assertEqual(
            sorted(documented), sorted(re.findall(r'= PREFIX \+ "(\w+)"', code))
        )

    def test_links_and_pictures_of_the_readme(self):
        targets = [one or two for one, two in LINK.findall(README.read_text())]
        self.assertGreater(len(targets), 15)
        missing = [path for path in targets if not (REPOSITORY / path).exists()]
        self.assertEqual(missing, [])

    def test_apps_page_needs_nothing_from_elsewhere(self):
        text = APPS_PAGE.read_text()
        pictures = re.findall(r'src="([^"]+)"', text)
        self.assertTrue(pictures)
        missing = [name for name in pictures if not (APPS_PAGE.parent / name).exists()]
        self.assertEqual(missing, [])
        self.assertNotRegex(text, r"<script|<link|//")

    def test_tables_and_headings(self):
        """Nothing in a document is left out for being malformed."""
        self.assertGreater(len(PAGES), 20)
        for page in PAGES:
            errors = io.StringIO()
            settings = {"warning_stream": errors, "report_level": 3, "halt_level": 5}
            publish_doctree(page.read_text(), settings_overrides=settings)
            self.assertEqual(errors.getvalue(), "", page.name)

    def test_tests_that_documents_name(self):
        """A document says which test holds what it promises: there is one."""
        folders = [REPOSITORY / name for name in ("tests", "tests_live", "devtools")]
        files = [file for folder in folders for file in folder.rglob("*.py")]
        classes = set(CLASS.findall("\n".join(map(Path.read_text, files))))
        named = {
            (page.name, name)
            for page in PAGES
            for name in NAMED_TEST.findall(page.read_text())
        }
        self.assertGreater(len(named), 20)
        self.assertEqual(
            sorted((page, name) for page, name in named if name not in classes), []
        )

    def test_files_that_the_architecture_names(self):
        text = (REPOSITORY / "docs/architecture.rst").read_text()
        named = set(NAMED_FILE.findall(text))
        self.assertGreater(len(named), 40)
        missing = [name for name in named if not (REPOSITORY / name).exists()]
        self.assertEqual(missing, [])

    def test_pictures_are_light(self):
        sizes = [file.stat().st_size for file in APPS_PAGE.parent.iterdir()]
        self.assertLess(sum(sizes), PICTURES_SIZE)
