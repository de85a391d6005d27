from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...tools.consent import MESSAGE_TELLS


class ResUsers(models.Model):
    """Let users choose whether they are told of their emails that are read."""

    _inherit = "res.users"

    mail_tracking_tells = fields.Boolean(
        "Tell Me When Emails Are Read",
        compute="_compute_mail_tracking_tells",
        inverse="_inverse_mail_tracking_tells",
        help="Show a notification when somebody outside the company first opens or"
        " replies to one of my emails",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, MESSAGE_TELLS]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, MESSAGE_TELLS]

    @api.depends("res_users_settings_id.mail_tracking_tells")
    def _compute_mail_tracking_tells(self):
        # sudo: settings are their user's own; who may read the user may read this one
        for user, user_sudo in zip(self, self.sudo(), strict=True):
            settings_sudo = user_sudo.res_users_settings_id
            user.mail_tracking_tells = settings_sudo.mail_tracking_tells

    def _inverse_mail_tracking_tells(self):
        for user in self:
            # sudo: of a user who may be written
            Settings = self.env["res.users.settings"].sudo()
            settings_sudo = Settings._find_or_create_for_user(user)
            settings_sudo.mail_tracking_tells = user.mail_tracking_tells

    def _mail_tracking_is_told(self):
        """Return whether the user wants to be told, without a query."""
        self.ensure_one()
        return self.partner_id.id in self._mail_tracking_told_authors()

    @api.model
    @ormcache()
    def _mail_tracking_told_authors(self):
        """Return the ids of the contacts of all users who want to be told.

        Cached, since each mail that is created asks for them.

        :rtype: frozenset
        """
        self.env["res.users.settings"].flush_model([MESSAGE_TELLS])
        rows = self.env.execute_query(
            SQL(
                """SELECT author.partner_id
                     FROM res_users_settings settings
                     JOIN res_users author ON author.id = settings.user_id
                    WHERE settings.mail_tracking_tells AND NOT author.share"""
            )
        )
        return frozenset(row[0] for row in rows)
