from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """Use the class of the last hit as the best evidence so far."""
    if not version:
        return
    if column_exists(cr, "mail_tracking_email", "last_evidence"):
        rename_column(cr, "mail_tracking_email", "last_evidence", "best_evidence")
