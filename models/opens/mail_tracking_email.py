from collections import defaultdict
from functools import partial

from odoo import api, models, modules
from odoo.tools import SQL

from ...tools.database_key import database_key, renew_key_safely
from ...tools.open_evidence import is_too_early
from ...tools.params import early_open_seconds, is_pixel_disabled, public_base_url
from ...tools.pixel_hit import register_hit
from ...tools.states import EVIDENCE_STATE, OPEN_STATE, OUTCOME_EVENTS, event_state

PIXEL_ROUTE = "/mail/tracking/open/"
# No display:none: some mail programs then do not load it.
PIXEL_HTML = '<img src="{url}" width="1" height="1" alt=""/>'


def _is_of_person(values):
    """Return whether the values of an event are an open or a click by a person."""
    event_type = values["event_type"]
    state, _every_attempt = event_state(event_type, values["evidence"])
    return event_type in EVIDENCE_STATE and state == "opened"


def _renew_key(registry):
    """Make the key in a transaction of its own; new addresses have it from then on."""
    with registry.cursor() as cr:
        is_new = renew_key_safely(cr)
    if is_new:
        registry.clear_all_caches()


class MailTrackingEmail(models.Model):
    """Opens: where the pixel points, and what a hit or a provider's open means."""

    _inherit = "mail.tracking.email"

    def _register_hook(self):
        """Make the key of the database, or a new one when it was renamed or copied.

        After the commit of the transaction that loads modules: it has locked tables.
        """
        result = super()._register_hook()
        if self.env.registry.loaded and not modules.module.current_test:
            self.env.cr.postcommit.add(partial(_renew_key, self.env.registry))
        return result

    @api.model
    def _get_pixel(self):
        """Return the HTML of the pixel, with `{token}` in the place of the token.

        :return: empty when the pixel is switched off
        :rtype: str
        """
        if is_pixel_disabled(self.env):
            return ""
        path = PIXEL_ROUTE + database_key(self.env) + "{token}.gif"
        return PIXEL_HTML.format(url=public_base_url(self.env) + path)

    @api.model
    def _register_open(self, token, evidence, rule=None):
        """Record that the pixel of a mail was loaded; parallel hits count once.

        :param str token: of the pixel; nothing happens when there is no such mail
        :param str evidence: class of the evidence, see `tools.states.OPEN_STATE`
        :param str rule: name of the rule that gave it, see `EVIDENCE_RULES`
        :return: the trackings whose state changed
        """
        hits = (
            register_hit(
                self.env.cr,
                token,
                evidence,
                rule=rule,
                early_seconds=lambda: early_open_seconds(self.env),
                presets=self.env["res.company"]._mail_tracking_presets,
            )
            or []
        )
        self.browse(hit.tracking_id for hit in hits).invalidate_recordset(flush=False)
        return self._notify_hits(hits)

    @api.model
    def _notify_hits(self, hits):
        """Notify the users who see the trackings that hits have changed.

        :param list hits: of `register_hit`
        :return: the trackings whose state changed
        """
        changed = [hit for hit in hits if hit.is_changed]
        if merged := self.browse(hit.tracking_id for hit in changed if hit.is_merged):
            (merged | merged._rank_merged())._notify_failed()
        if seen := self.browse(hit.tracking_id for hit in hits if hit.is_seen):
            seen._notify_state()
        if telling := self.browse(hit.tracking_id for hit in hits if hit.tells):
            telling._tell_read()
        # Failed, and read all the same.
        if mended := self.browse(hit.tracking_id for hit in hits if hit.was_failed):
            mended._correct_notifications()
            mended._notify_failed()
        return self.browse(hit.tracking_id for hit in changed)

    @api.model
    def _doubt_early_signs(self, values_list):
        """Doubt opens and clicks that come too soon after the mail was accepted.

        :param list values_list: values of new events, changed in place
        """
        signs = [values for values in values_list if _is_of_person(values)]
        if not signs:
            return
        names = ("tracking_email_id", "attempt", "event_type", "time")
        recorded = self.env.execute_query(
            SQL(
                """SELECT tracking_email_id, attempt, event_type, time
                     FROM mail_tracking_event
                    WHERE tracking_email_id = ANY(%s) AND event_type IN %s""",
                [sign["tracking_email_id"] for sign in signs],
                ("queued", *OUTCOME_EVENTS),
            )
        )
        new = [[values[name] for name in names] for values in values_list]
        outcomes = defaultdict(list)
        for tracking_id, attempt, event_type, time in [*recorded, *new]:
            outcomes[tracking_id, attempt].append((event_type, time))
        limit = early_open_seconds(self.env)
        for sign in signs:
            of_attempt = outcomes[sign["tracking_email_id"], sign["attempt"]]
            if is_too_early(sign["time"], of_attempt, limit):
                sign.update({"evidence": "suspect", "evidence_rule": "early"})

    def _count_opens(self, values_list):
        """Count the opens by people among new events, as the pixel does.

        :param list values_list: values of events of these trackings
        """
        opens = {}
        for values in values_list:
            is_open = values["event_type"] == "open"
            if is_open and OPEN_STATE.get(values["evidence"]) == "opened":
                times = opens.setdefault(values["tracking_email_id"], [])
                times.append(values["time"])
        for tracking in self.browse(opens):
            times = opens[tracking.id]
            first, last = tracking.first_open, tracking.last_open
            tracking.write(
                {
                    "open_count": tracking.open_count + len(times),
                    "first_open": min([*times, *filter(None, [first])]),
                    "last_open": max([*times, *filter(None, [last])]),
                }
            )
