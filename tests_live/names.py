"""Names that both sides of the live tests know; nothing but Python is needed."""

# Two databases with the addon, one from which it was uninstalled; two without Odoo,
# of which one goes away; one that a replica follows.
ROLES = ("a", "b", "without", "empty", "gone", "replica")


def database_names(template):
    """Return the names of the databases, by their role."""
    return {role: f"{template}_live_{role}" for role in ROLES}
