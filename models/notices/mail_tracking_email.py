from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ...tools.consent import TELLS, TELLS_ALWAYS
from ...tools.isolated import isolated
from ...tools.merged_sql import merged_with_sql

# sudo: what is told goes to the author only, who may read the document.

NOTICE = "mail_activity_tracking/read"
MOST_NAMES = 3


class MailTrackingEmail(models.Model):
    """Tell the author, in the web client, that an email was read."""

    _inherit = "mail.tracking.email"

    # NULL in ordinary rows, and once the author was told.
    tells = fields.Selection(
        TELLS,
        "Author Is Told",
        readonly=True,
        help="Why the author gets a notification when the recipient first opens"
        " this email or replies to it",
    )

    def _tell_read(self):
        """Tell the authors who want it that a person has read these mails.

        Once for each recipient of a message: `tells` is cleared.
        """
        asked = self.sudo()._take_tells()
        notices = defaultdict(self.sudo().browse)
        for tracking in self.sudo().browse(asked):
            if user := tracking._told_user(asked[tracking.id]):
                is_reply = "reply" in tracking.tracking_event_ids.mapped("event_type")
                document = (tracking.model, tracking.res_id)
                notices[user, document, tracking.name, is_reply] |= tracking
        for (user, document, subject, is_reply), trackings in notices.items():
            localized = trackings.with_context(lang=user.lang)
            text = localized._notice(subject, is_reply)
            model, res_id = document
            user._bus_send(NOTICE, {"text": text, "model": model, "id": res_id})

    def _take_tells(self):
        """Clear `tells`, for merged contacts in all their rows.

        :return: dict from the ids of the trackings that had it to its value
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH asked AS (
                    SELECT id, tells FROM mail_tracking_email
                     WHERE id = ANY(%s) AND tells IS NOT NULL
                     ORDER BY id FOR NO KEY UPDATE)
                UPDATE mail_tracking_email tracking SET tells = NULL
                  FROM asked WHERE asked.id = tracking.id
             RETURNING tracking.id, asked.tells, tracking.outranked IS NOT NULL
                """,
                self.ids,
            )
        )
        asked = self.env.cr.fetchall()
        if merged := [id_ for id_, _why, is_merged in asked if is_merged]:
            others = self.env.execute_query(merged_with_sql(merged))
            self.browse(id_ for (id_,) in others).tells = False
        self.invalidate_model(["tells"])
        return {tracking_id: why for tracking_id, why, _is_merged in asked}

    def _told_user(self, why):
        """Return the user who is told that the mail was read, perhaps none.

        Nobody is told about colleagues, nor about a document that they may not read.

        :param str why: of `TELLS`
        """
        self.ensure_one()
        users = self.author_id.user_ids.filtered(lambda user: not user.share)
        user = users[:1]
        is_wanted = user and (why != TELLS_ALWAYS or user.mail_tracking_tells)
        is_colleague = self.partner_id and not self.partner_id.partner_share
        if not is_wanted or is_colleague or self.model not in self.env:
            return users.browse()
        companies = {"allowed_company_ids": user.company_ids.ids}
        documents = self.env[self.model].with_user(user).with_context(**companies)
        document = documents.browse(self.res_id).exists()
        return user if document._filtered_access("read") else users.browse()

    def _notice(self, subject, is_reply):
        """Return the text for the author, in the language of the context."""
        names = [tracking._recipient_name() for tracking in self.sorted("id")]
        if len(names) > MOST_NAMES:
            names = [*names[:MOST_NAMES], "…"]
        values = {
            "names": format_list(self.env, names),
            "subject": isolated(subject or ""),
        }
        if is_reply:
            return self.env._("%(names)s replied to “%(subject)s”.", **values)
        return self.env._("%(names)s opened “%(subject)s”.", **values)
