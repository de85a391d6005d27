"""For `odoo shell`: new records get high ids, which collide with no others."""

FIRST = 900001

env.cr.execute(  # noqa: F821 - given by the shell
    "SELECT setval(seqrelid::regclass, %s, false) FROM pg_sequence", [FIRST]
)
env.cr.commit()  # noqa: F821
