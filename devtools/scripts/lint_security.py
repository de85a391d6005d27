"""Rules of the addon that neither ruff nor pylint-odoo knows; see docs/security.rst.

Reads the syntax tree of each file given, or of the addon's own code. A finding that is
meant to be so has a comment "safe: why" on its line or right above.
"""

import ast
import io
import sys
import tokenize
from pathlib import Path

FOLDERS = ("controllers", "models", "providers", "tools", "wizard", "migrations")
SAFE = "safe:"
# Where everything is caught by design.
GUARD = Path("tools/guard.py")

ADVICE = {
    "sql-from-strings": "SQL is put together from strings: use SQL() with parameters",
    "markup-on-data": "Markup on data is HTML of somebody else: use Markup() % data",
    "sudo-without-comment": "sudo() without a comment: write above, or in the function,"
    ' "# sudo: why the user may"',
    "broad-except": "what Odoo must retry may be swallowed: use never_break_mail, or"
    " let psycopg2 errors through in a handler before",
    "route-without-auth": 'a route says who may call it: auth="..."',
}


def main(names):
    """Print what is found; return whether there is something."""
    paths = [Path(name) for name in names] or [
        path for folder in FOLDERS for path in sorted(Path(folder).rglob("*.py"))
    ]
    found = [(path, *finding) for path in paths for finding in findings(path)]
    for path, line, rule in found:
        sys.stdout.write(f"{path}:{line}: {rule}: {ADVICE[rule]}\n")
    return bool(found)


def findings(path, source=None):
    """Return what is found in a file.

    :param Path path: of the file, relative to the addon
    :param str source: its content, read from it without
    :return: list of tuples (line, name of the rule)
    """
    source = path.read_text() if source is None else source
    comments = comments_of(source)
    found = []
    for node, function in walk(ast.parse(source)):
        for rule, check in RULES.items():
            if check(node, function, comments, path) and not is_told(
                node, comments, SAFE
            ):
                found.append((node.lineno, rule))
    return found


class Comments(dict):
    """The comments of a file by their lines."""

    outer = ()  # those that are not indented


def comments_of(source):
    """Return the comments of a file."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = [token for token in tokens if token.type == tokenize.COMMENT]
    comments = Comments({token.start[0]: token.string for token in found})
    comments.outer = [token.string for token in found if not token.start[1]]
    return comments


def walk(node, function=None):
    """Yield each node with the innermost function around it."""
    for child in ast.iter_child_nodes(node):
        yield child, function
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from walk(child, child if is_function else function)


def is_told(node, comments, word):
    """Return whether a comment with a word is at a node, or right above."""
    last = getattr(node, "end_lineno", node.lineno)
    if any(word in comments.get(n, "") for n in range(node.lineno, last + 1)):
        return True
    line = node.lineno - 1
    while line in comments:
        if word in comments[line]:
            return True
        line -= 1
    return False


def name_of(node):
    """Return the last name of what is called: "c" of "a.b.c"."""
    return getattr(node, "attr", None) or getattr(node, "id", None)


def is_built(node):
    """Return whether a text is put together from others."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return not isinstance(node.left, ast.Constant) or not isinstance(
            node.right, ast.Constant
        )
    return isinstance(node, ast.Call) and name_of(node.func) == "format"


# === RULES ===#
def is_built_sql(node, _function, _comments, _path):
    """Return whether a text that was put together is executed, or made an SQL."""
    return (
        isinstance(node, ast.Call)
        and name_of(node.func) in ("execute", "executemany", "SQL")
        and bool(node.args)
        and is_built(node.args[0])
    )


def is_markup_of_data(node, _function, _comments, _path):
    """Return whether something else than a constant is declared to be HTML."""
    return (
        isinstance(node, ast.Call)
        and name_of(node.func) == "Markup"
        and any(not isinstance(value, ast.Constant) for value in node.args)
    )


def is_silent_sudo(node, function, comments, _path):
    """Return whether rights are widened and nothing says why.

    A comment anywhere in the function does, its docstring, or the name of the function
    or of what it is kept in, `_x_sudo`. Where all of a file has one reason it stands
    once, as "# sudo: why" that is indented by nothing.
    """
    if not (
        isinstance(node, ast.Call)
        and name_of(node.func) == "sudo"
        and not node.args
        and not node.keywords
    ):
        return False
    if any(comment.startswith("# sudo:") for comment in comments.outer):
        return False
    if function is None:
        return not is_told(node, comments, "sudo")
    lines = range(function.lineno - 1, function.end_lineno + 1)
    told = [comments.get(line, "") for line in lines]
    words = [*told, ast.get_docstring(function) or "", function.name]
    names = [n.id for n in ast.walk(function) if isinstance(n, ast.Name)]
    return not any("sudo" in word for word in words) and not any(
        name.endswith("_sudo") for name in names
    )


def is_broad_except(node, _function, comments, path):
    """Return whether whatever went wrong is caught, also what Odoo must retry."""
    if not isinstance(node, ast.Try) or path == GUARD:
        return False
    for handler in node.handlers:
        if any(isinstance(part, ast.Raise) for part in ast.walk(handler)):
            return False  # what the database says is let through, here or before
        if handler.type is None or name_of(handler.type) in BROAD:
            return not is_told(handler, comments, SAFE)
    return False


BROAD = ("Exception", "BaseException")


def is_open_route(node, _function, _comments, _path):
    """Return whether a route leaves it to Odoo who may call it."""
    return (
        isinstance(node, ast.Call)
        and name_of(node.func) == "route"
        and not any(keyword.arg == "auth" for keyword in node.keywords)
    )


RULES = {
    "sql-from-strings": is_built_sql,
    "markup-on-data": is_markup_of_data,
    "sudo-without-comment": is_silent_sudo,
    "broad-except": is_broad_except,
    "route-without-auth": is_open_route,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
