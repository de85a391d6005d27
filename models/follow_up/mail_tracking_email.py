from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.consent import ALLOWED, OPENS_NEVER, REFUSED
from ...tools.open_evidence import PERSONS
from ...tools.params import (
    FOLLOW_UP_SINCE,
    follow_up_days,
    follow_up_models,
    is_pixel_disabled,
)
from ..failures.mail_tracking_email import IS_FAILURE

# sudo: a job that checks everybody's mails.

BATCH = 100
# A mail that was not checked within a week of its due day, because the job did not
# run, is no longer worth an activity.
CATCH_UP = timedelta(days=7)
UNOPENED_STATES = ("sent", "deferred", "delivered")


class MailTrackingEmail(models.Model):
    """Remind authors of mails that failed, or that nobody has opened for days."""

    _inherit = "mail.tracking.email"

    followed_up = fields.Boolean(
        readonly=True, help="This email was checked for follow-up"
    )

    @api.model
    def _cron_follow_up(self):
        """Schedule an activity for the author of each mail that needs one.

        A mail gets one activity at most, whatever becomes of it later. The job is
        switched on in the settings.
        """
        while trackings := self._to_follow_up():
            for mine in trackings.grouped("model").values():
                mine._follow_up()
            messages = trackings.mail_message_id
            same_mails = self.search([("mail_message_id", "in", messages.ids)])
            same_mails.followed_up = True
            self.env["ir.cron"]._commit_progress(len(messages))

    # === WHICH MAILS ===#
    def _to_follow_up(self):
        """Return the trackings of the next mails that need an activity.

        :return: for each of these mails, all trackings that need one
        """
        self.flush_model()
        since = self._follow_up_since()
        conditions = [
            SQL("%s AND tracking.create_date >= %s", IS_FAILURE, since),
            self._unopened_sql(since),
        ]
        self.env.cr.execute(
            SQL(
                """
                SELECT array_agg(id)
                  FROM (%s) due
              GROUP BY mail_message_id
              ORDER BY mail_message_id
                 LIMIT %s
                """,
                SQL(" UNION ").join(map(self._due_sql, filter(None, conditions))),
                BATCH,
            )
        )
        return self.browse(i for (ids,) in self.env.cr.fetchall() for i in ids)

    def _due_sql(self, condition):
        """Build the query for the trackings of the chosen models that meet a condition.

        Only for authors who can see an activity: employees.
        """
        return SQL(
            """
            SELECT tracking.id, tracking.mail_message_id
              FROM mail_tracking_email tracking
             WHERE tracking.model = ANY(%s)
               AND tracking.mail_message_id IS NOT NULL
               AND tracking.followed_up IS NOT TRUE
               AND tracking.outranked IS NOT TRUE
               AND EXISTS (SELECT FROM res_users author
                            WHERE author.partner_id = tracking.author_id
                              AND author.active AND NOT author.share)
               AND %s
            """,
            follow_up_models(self.env),
            condition,
        )

    def _unopened_sql(self, since):
        """Build the condition on mails that were not opened in time.

        Colleagues and Cc recipients do not count. Where opens are not tracked, no mail
        counts as unopened.

        :return: `SQL`, None when such mails are not followed up
        """
        days = follow_up_days(self.env)
        if not days or is_pixel_disabled(self.env):
            return None
        until = fields.Datetime.now() - timedelta(days=days)
        return SQL(
            """
            tracking.state IN %s AND tracking.recipient_type = 'to'
            AND tracking.create_date BETWEEN %s AND %s
            AND tracking.state_time <= %s
            -- opened by a person, one of several recipients
            AND COALESCE(tracking.best_evidence, '') NOT IN %s
            AND tracking.opens IS DISTINCT FROM %s
            AND NOT EXISTS (SELECT FROM mail_tracking_consent choice
                             WHERE choice.address = tracking.recipient_address
                               AND choice.state = %s)
            AND (tracking.opens IS NULL
                 OR EXISTS (SELECT FROM mail_tracking_consent choice
                             WHERE choice.address = tracking.recipient_address
                               AND choice.state = %s))
            AND NOT EXISTS (SELECT FROM res_partner colleague
                             WHERE colleague.id = tracking.partner_id
                               AND NOT colleague.partner_share)
            """,
            UNOPENED_STATES,
            max(since, until - CATCH_UP),
            until,
            until,
            PERSONS,
            OPENS_NEVER,
            REFUSED,
            ALLOWED,
        )

    def _follow_up_since(self):
        """Return the moment from which on mails are followed up."""
        parameters = self.env["ir.config_parameter"].sudo()
        since = parameters.get_param(FOLLOW_UP_SINCE)
        if not since:
            since = fields.Datetime.to_string(self.env.cr.now())
            parameters.set_param(FOLLOW_UP_SINCE, since)
        return fields.Datetime.to_datetime(since)

    # === WHAT IS SCHEDULED ===#
    def _follow_up(self):
        """Schedule one activity for each mail; the mails are of one model."""
        model = self[:1].model
        if model not in self.env:
            return
        values_list = []
        for message, trackings in self.grouped("mail_message_id").items():
            user = message.author_id.user_ids.filtered(lambda user: not user.share)[:1]
            document = self.env[model].browse(message.res_id).exists()
            as_author = document.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            if as_author._filtered_access("read"):
                values_list.append(trackings._follow_up_values(document, user))
        # The author finds it in the list of activities, and gets no additional mail.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(values_list)

    def _follow_up_values(self, document, user):
        """Return the values of the activity for one mail, in the author's language."""
        localized = self.with_context(lang=user.lang, tz=user.tz)
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return {
            "activity_type_id": todo.id if todo else False,
            "automated": True,
            "date_deadline": fields.Date.context_today(localized),
            "note": localized._follow_up_note(),
            "res_id": document.id,
            "res_model_id": self.env["ir.model"]._get_id(document._name),
            "summary": localized._follow_up_summary(),
            "user_id": user.id,
        }

    def _follow_up_summary(self):
        if any(self.mapped("is_failed")):
            return self.env._("Email failed")
        return self.env._("No open detected")

    def _follow_up_note(self):
        """Return the note: the subject, and each recipient with what happened."""
        reasons = dict(self._fields["error_type"]._description_selection(self.env))
        unopened = self.env._("no open detected")
        failed = self.env._("failed")
        rows = Markup()
        for tracking in self.sorted("id"):
            why = unopened
            if tracking.is_failed:
                why = reasons.get(tracking.error_type, failed)
            rows += Markup("<li>%s: %s</li>") % (tracking._recipient_name(), why)
        return Markup("<p>%s</p><ul>%s</ul>") % (self[:1].name or "", rows)
