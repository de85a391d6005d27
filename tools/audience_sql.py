"""Whether somebody may see a change of a tracking at once, in SQL."""

from odoo.tools import SQL

# Whether somebody may see the row `changed`, with `model`, `res_id` and `author_id`.
# Finds more people than are notified in the end (see `AUDIENCE_COLUMNS`), and is cheap:
# planning a join would take longer than the rest of the statement. `author_id` is empty
# for messages without a document and user notifications: their authors are not told at
# once.
IS_SEEN = """(EXISTS (SELECT FROM mail_tracking_viewer viewer
                       WHERE viewer.model = changed.model
                         AND viewer.res_id = changed.res_id)
              OR EXISTS (SELECT FROM mail_presence
                          WHERE status <> 'offline' AND user_id = ANY(ARRAY(
                                SELECT id FROM res_users
                                 WHERE partner_id = changed.author_id))))"""


def is_any_seen_sql(tracking_ids):
    """Build the query for whether somebody may see one of these trackings.

    :param list tracking_ids: ids of `mail.tracking.email`
    :return: `SQL` that returns a row, or none
    """
    return SQL(
        "SELECT 1 FROM mail_tracking_email changed WHERE id = ANY(%s) AND %s LIMIT 1",
        tracking_ids,
        SQL(IS_SEEN),
    )
