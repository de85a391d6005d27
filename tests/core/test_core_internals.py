import ast
import inspect
from importlib import import_module
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, Query, file_open

from .core_internals import ATTRIBUTES, CLASS_METHODS, METHODS, OWN_MODELS

OWN = "odoo.addons.mail_activity_tracking"
FOLDERS = ("controllers", "models", "providers", "tools", "wizard")


def extended_model(class_):
    """Return the name of the model that a class of ours defines or extends."""
    inherited = vars(class_).get("_inherit") or class_._name
    return inherited if isinstance(inherited, str) else inherited[0]


@tagged("post_install", "-at_install")
class TestCoreInternals(TransactionCase):
    """A changed signature of core fails by the name of the method."""

    def core_method(self, model, name):
        """Return the method that the addon overrides or calls, None when it is gone."""
        for class_ in type(self.env[model]).__mro__:
            if name in vars(class_) and not class_.__module__.startswith(OWN):
                method = vars(class_)[name]
                return inspect.unwrap(getattr(method, "__func__", method))
        return None

    def parameters(self, method):
        kinds = {
            inspect.Parameter.VAR_POSITIONAL: "*",
            inspect.Parameter.VAR_KEYWORD: "**",
        }
        return " ".join(
            kinds.get(parameter.kind, "")
            + parameter.name
            + "=" * (parameter.default is not parameter.empty)
            for parameter in inspect.signature(method).parameters.values()
        )

    def test_signatures(self):
        for model, methods in METHODS.items():
            for name, parameters in methods.items():
                with self.subTest(method=f"{model}.{name}"):
                    method = self.core_method(model, name)
                    self.assertIsNotNone(method, "core has it no more")
                    self.assertEqual(self.parameters(method), parameters)

    def test_signatures_outside_of_models(self):
        for path, methods in CLASS_METHODS.items():
            module, _dot, class_name = path.rpartition(".")
            owner = getattr(import_module(module), class_name)
            for name, parameters in methods.items():
                with self.subTest(method=f"{path}.{name}"):
                    method = getattr(owner, name, None)
                    self.assertIsNotNone(method, "core has it no more")
                    method = getattr(method, "__func__", method)
                    self.assertEqual(self.parameters(method), parameters)

    def test_query_has_the_order_of_groups(self):
        """Sorting by Mail State adds its column to those that are grouped by."""
        self.assertEqual(Query(self.env, "x", SQL("x"))._order_groupby, [])

    def test_overrides_are_listed(self):
        """Each method of core that the addon overrides is in the list of its model."""
        missing = set()
        for model in self.env.values():
            for class_ in type(model).__mro__:
                if class_.__module__.startswith(OWN):
                    listed = METHODS.get(extended_model(class_), METHODS[OWN_MODELS])
                    missing |= {
                        (extended_model(class_), name)
                        for name in vars(class_)
                        if inspect.isfunction(getattr(type(model), name, None))
                        and not name.startswith("__")
                        and name not in (*listed, *OF_ANY_MODEL)
                        and self.core_method(model._name, name)
                    }
        self.assertEqual(missing, set())

    def test_calls_are_listed(self):
        """Each private name that the addon uses is its own, or in the list."""
        root = Path(__file__).parents[2]
        files = [file for folder in FOLDERS for file in (root / folder).rglob("*.py")]
        nodes = [node for f in files for node in ast.walk(ast.parse(f.read_text()))]
        own = {node.name for node in nodes if isinstance(node, DEFINITIONS)}
        own |= {node.id for node in nodes if isinstance(node, ast.Name)}
        attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
        own |= {one.attr for one in attributes if isinstance(one.ctx, ast.Store)}
        used = {one.attr for one in attributes}
        private = {n for n in used if n.startswith("_") and not n.startswith("__")}
        listed = {n for ms in (METHODS, CLASS_METHODS) for m in ms.values() for n in m}
        self.assertEqual(private - own - listed - set(ATTRIBUTES), set())

    def test_documented(self):
        with file_open("mail_activity_tracking/docs/core_internals.rst") as file:
            text = file.read()
        for methods in (*METHODS.values(), *CLASS_METHODS.values()):
            for name in methods:
                self.assertIn(f"``{name}``", text)


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What every model may override, documented by the ORM itself.
OF_ANY_MODEL = ("_compute_display_name", "_register_hook", "_search_display_name")
