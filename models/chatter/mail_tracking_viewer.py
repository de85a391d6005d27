from odoo import api, fields, models
from odoo.tools import SQL

# For this long a viewer counts as present without a presence: a browser reports it a
# moment after it has subscribed, and changes in between would be missed.
HAS_JUST_COME = SQL("viewer.since > (now() AT TIME ZONE 'UTC') - interval '10 seconds'")


class MailTrackingViewer(models.Model):
    """A browser that shows the chatter of a document at this moment.

    With it, nothing is pushed when nobody can see it: the push costs more than all the
    rest of a change. Subscriptions to the bus maintain it, see `ir.websocket`.
    """

    _name = "mail.tracking.viewer"
    _description = "Chatter Viewer"
    _log_access = False

    browser = fields.Char(required=True, index=True, help="Browser session")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    since = fields.Datetime(required=True, default=fields.Datetime.now)

    _document = models.Index("(model, res_id)")

    @api.model
    def _replace(self, browser, documents):
        """Record that a browser of the user shows these documents, and no other ones.

        :param str browser: name of the browser's session
        :param list documents: records of one or of several models
        :return: the documents that it has not shown before
        :rtype: list
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM mail_tracking_viewer WHERE browser = %s
                RETURNING model, res_id""",
                browser,
            )
        )
        former = set(self.env.cr.fetchall())
        # sudo: nobody has access to this table, and users write only about themselves
        self.sudo().create(
            [
                {
                    "browser": browser,
                    "user_id": self.env.uid,
                    "model": document._name,
                    "res_id": document.id,
                }
                for document in documents
            ]
        )
        return [doc for doc in documents if (doc._name, doc.id) not in former]

    @api.autovacuum
    def _gc_viewers(self):
        """Delete the viewers of users who have no browser open."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mail_tracking_viewer viewer
                 WHERE NOT %s
                   AND NOT EXISTS (
                        SELECT FROM mail_presence presence
                         WHERE presence.user_id = viewer.user_id
                           AND presence.status <> 'offline')
                """,
                HAS_JUST_COME,
            )
        )
