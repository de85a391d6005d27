import ast
import re
from collections import defaultdict
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
LONGEST = 300
PRODUCT = ("controllers", "models", "providers", "static/src", "tools", "wizard")
# A table of one row per reason, state and event, and what is generated from it.
TABLES = {"tools/vocabulary.py", "static/src/common/vocabulary.js"}


def rooms():
    return sorted(path.parent for path in (ROOT / "models").glob("*/__init__.py"))


def model_of(node):
    """Return the name of the model that a class makes or extends, None for neither."""
    values = {
        target.id: part.value
        for part in node.body
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
    value = values.get("_name") or values.get("_inherit")
    if not value:
        return None
    name = ast.literal_eval(value)
    return name if isinstance(name, str) else name[0]


def files_by_model(room):
    """Return the files of a room with a class of each model, once for each class."""
    files = defaultdict(list)
    for path in sorted(room.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and (model := model_of(node)):
                files[model].append(path.name)
    return files


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    """The folders of models: one file per model and room, none too long."""

    def test_one_class_per_model_and_room(self):
        several = {
            f"{room.name}: {model} in {', '.join(files)}"
            for room in rooms()
            for model, files in files_by_model(room).items()
            if len(files) > 1
        }
        self.assertFalse(several, "make it one class, or another room")

    def test_one_model_per_file(self):
        for room in rooms():
            files = [f for names in files_by_model(room).values() for f in names]
            others = {path.name for path in room.glob("*.py")} - {"__init__.py"}
            self.assertEqual(sorted(files), sorted(others), room.name)

    def test_no_room_overrides_another_one(self):
        rooms_by_method = defaultdict(list)
        for room in rooms():
            for path in room.glob("*.py"):
                for node in ast.parse(path.read_text()).body:
                    if isinstance(node, ast.ClassDef) and (model := model_of(node)):
                        for method in node.body:
                            if isinstance(method, ast.FunctionDef):
                                name = f"{model}.{method.name}"
                                rooms_by_method[name].append(room.name)
        self.assertIn("mail.mail._send", rooms_by_method)
        several = {name: rs for name, rs in rooms_by_method.items() if len(rs) > 1}
        self.assertEqual(several, {})

    def test_each_room_is_loaded_documented_and_tested(self):
        names = {room.name for room in rooms()}
        loaded = re.findall(r"import (\w+)", (ROOT / "models/__init__.py").read_text())
        self.assertEqual(set(loaded), names)
        text = (ROOT / "docs/architecture.rst").read_text()
        table = text.partition("\nRooms: ")[2].partition("\nWhere do I change")[0]
        rows = re.findall(r"^``(\w+)`` ", table, re.MULTILINE)
        self.assertEqual(set(rows), names, "docs/architecture.rst")
        tests = {path.parent.name for path in ROOT.glob("tests/*/test_*.py")}
        self.assertFalse(names - tests, "no folder of this name in tests")

    def test_no_file_is_too_long(self):
        lines = {
            path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
            for folder in PRODUCT
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".py", ".js")
        }
        self.assertGreater(len(lines), 100)
        too_long = {name for name, count in lines.items() if count > LONGEST}
        self.assertEqual(too_long - TABLES, set())
