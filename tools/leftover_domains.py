"""Domains as text, without the fields of an addon that is being removed.

A record rule that names a field that is gone lets nobody use its model; without its
domain it would let everybody in. So each condition on our fields becomes what it says
of an empty field, as before the first email was sent. The rest of the domain stays.
"""

import ast

POSITIVE = ("=", "=?", "in", "like", "ilike", "=like", "=ilike", "any", "any!")
NEGATIVE = tuple(f"not {operator}" for operator in POSITIVE) + ("!=", "<>")
ALWAYS, NEVER = "(1, '=', 1)", "(0, '=', 1)"
# A domain that is true of no record.
NOTHING = f"[{NEVER}]"


def without_fields(text, names):
    """Return a domain without the conditions on some fields.

    :param str text: a domain as Python, which may use variables
    :param names: of the fields; paths such as ``partner_id.name`` are found as well
    :return: the domain, None when it is not written as a list of conditions
    """
    text = text.strip()
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return None
    cleaned = ast.unparse(_Conditions(names).visit(tree))
    return None if any(name in cleaned for name in names) else cleaned


class _Conditions(ast.NodeTransformer):
    """Replace conditions on some fields with what they say of an empty field."""

    def __init__(self, names):
        self._names = frozenset(names)

    def visit_Tuple(self, node):
        return self._visit_condition(node)

    def visit_List(self, node):
        return self._visit_condition(node)

    def _visit_condition(self, node):
        path, operator, value = (*node.elts, None, None, None)[:3]
        if len(node.elts) == 3 and self._is_named(path):
            holds = _holds_of_nothing(operator, value)
            return ast.parse(ALWAYS if holds else NEVER, mode="eval").body
        return self.generic_visit(node)

    def _is_named(self, path):
        if not (isinstance(path, ast.Constant) and isinstance(path.value, str)):
            return False
        return not self._names.isdisjoint(path.value.split("."))


def _holds_of_nothing(operator, value):
    """Return whether a condition holds of a field without a value.

    A comparison by size never does. Variables count as values.
    """
    try:
        values = ast.literal_eval(value)
    except ValueError:
        values = True
    operator = operator.value if isinstance(operator, ast.Constant) else None
    if isinstance(values, (list, tuple, set)):
        is_empty = any(not single for single in values)
    else:
        is_empty = not values
    return is_empty if operator in POSITIVE else operator in NEGATIVE and not is_empty
