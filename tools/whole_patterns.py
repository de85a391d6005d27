"""Complete patterns of LIKE that end with a backslash.

PostgreSQL refuses such a pattern only when a value begins with the text before the
backslash, even the value of a row that the user may not read: the error would reveal
how that value begins. Here the backslash stands for itself.
"""

from odoo.fields import Domain

EXACT_PATTERNS = ("=like", "=ilike", "not =like", "not =ilike")


def whole_pattern(operator, value):
    """Return the value of a condition, as a pattern that has an end.

    :param str operator: of the condition
    :param value: anything; other operators keep theirs
    """
    if operator not in EXACT_PATTERNS or not isinstance(value, str):
        return value
    escapes = len(value) - len(value.rstrip("\\"))
    return value + "\\" * (escapes % 2)


def with_whole_patterns(domain):
    """Return a domain without such patterns, in the domains within it, too.

    :param domain: list or `Domain`
    :rtype: Domain
    """
    return Domain(domain).map_conditions(_with_whole_pattern)


def _with_whole_pattern(condition):
    operator, value = condition.operator, condition.value
    if operator.endswith(("any", "any!")) and isinstance(value, (list, tuple, Domain)):
        return Domain(condition.field_expr, operator, with_whole_patterns(value))
    whole = whole_pattern(operator, value)
    if whole is value:
        return condition
    return Domain(condition.field_expr, operator, whole)
