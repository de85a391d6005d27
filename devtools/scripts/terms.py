"""For `odoo shell`: write the addon's terms to the file that TERMS_FILE names."""

import os

from odoo.tools.translate import trans_export

with open(os.environ["TERMS_FILE"], "wb") as output:
    trans_export(None, ["mail_activity_tracking"], output, "po", env)  # noqa: F821
