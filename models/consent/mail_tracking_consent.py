from odoo import api, fields, models, modules
from odoo.exceptions import ValidationError
from odoo.http import request
from odoo.tools import SQL, email_normalize, ormcache

from ...tools.after_commit import in_own_transaction
from ...tools.consent import ALLOWED, CHOICES, NOT_ASKED, ORIGINS, REFUSED
from ...tools.isolated import isolated
from ...tools.preferences_link import is_signed

# The web client calls methods under this path; a call elsewhere is by a program.
FORM_PATH = "/web/"


class MailTrackingConsent(models.Model):
    """The choice for an address whether its opens are recorded; no row: not asked.

    Write with `_choose` only. The history is `mail.tracking.consent.log`.
    """

    _name = "mail.tracking.consent"
    _description = "Consent to Open Tracking"
    _order = "date desc, id desc"
    _rec_name = "address"
    _log_access = False  # the columns below have it

    address = fields.Char(required=True, readonly=True)
    state = fields.Selection(CHOICES, required=True, readonly=True)
    date = fields.Datetime("Since", required=True, readonly=True)
    origin = fields.Selection(ORIGINS, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        ondelete="set null",
        readonly=True,
        help="User who has entered it. Empty when the recipient did it without logging"
        " in.",
    )
    # NULL once done: see `_withdraw`.
    is_pending = fields.Boolean(
        "Opens to Be Removed",
        readonly=True,
        help="Past opens of this address are about to be removed",
    )

    _address = models.UniqueIndex("(address)")
    _pending = models.Index("(id) WHERE is_pending")

    @api.model
    def _choices_of(self, addresses):
        """Look up the choices of addresses, with one query.

        :param addresses: normalised addresses
        :return: dict from address to choice, without addresses that were not asked
        """
        addresses = list(filter(None, addresses))
        if not addresses:
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT address, state FROM mail_tracking_consent"
                " WHERE address = ANY(%s)",
                addresses,
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    @ormcache()
    def _has_refusals(self):
        """Return whether anybody has refused; if nobody, sending needs no look-up.

        An open is judged without this, see `tools.pixel_hit_sql`.
        """
        refused = SQL(
            "SELECT FROM mail_tracking_consent WHERE state = %s LIMIT 1", REFUSED
        )
        return bool(self.env.execute_query(refused))

    # === CHOOSING ===#
    @api.model
    def _choose(self, addresses, choice, origin=None):
        """Record the choice for addresses; it takes effect at once.

        A choice that is recorded already is not recorded again: its first date stays.

        :param addresses: normalised addresses
        :param str choice: `ALLOWED`, `REFUSED`, or `NOT_ASKED` to forget either
        :param str origin: of `ORIGINS`; see `_get_origin` for the default
        :raise ValidationError: when an import would lift a refusal
        """
        addresses = sorted(set(filter(None, addresses)))
        origin = origin or self._get_origin()
        if not addresses:
            return
        if origin == "import":
            self._check_import(addresses, choice)
        before = self._choices_of(addresses)
        changed = [a for a in addresses if before.get(a, NOT_ASKED) != choice]
        if choice == ALLOWED and origin in ("link", "page"):
            changed = self.env["mail.tracking.consent.log"]._below_limit(changed)
        if not changed:
            return
        if choice == NOT_ASKED:
            self._forget(changed)
        else:
            self._write_choice(changed, choice, origin)
        self.env["mail.tracking.consent.log"]._note(changed, choice, origin)
        self.invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(["mail_tracking_consent"], flush=False)
        if choice == REFUSED:
            self._refused(changed)

    def _write_choice(self, addresses, choice, origin):
        # A click in a mail needs no login, so that no user is known.
        user_id = None if origin == "link" else self.env.uid
        is_pending = True if choice == REFUSED else None
        now = fields.Datetime.now()
        rows = [(a, choice, now, origin, user_id, is_pending) for a in addresses]
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_tracking_consent
                               (address, state, date, origin, user_id, is_pending)
                        VALUES %s
                   ON CONFLICT (address) DO UPDATE
                           SET state = EXCLUDED.state, date = EXCLUDED.date,
                               origin = EXCLUDED.origin, user_id = EXCLUDED.user_id,
                               is_pending = EXCLUDED.is_pending""",
                SQL(", ").join(rows),
            )
        )

    def _forget(self, addresses):
        self.env.cr.execute(
            SQL("DELETE FROM mail_tracking_consent WHERE address = ANY(%s)", addresses)
        )

    def _refused(self, addresses):
        """Remove the past opens of addresses that have refused, after the commit."""
        if not self._has_refusals():
            self.env.registry.clear_cache()
        if modules.module.current_test:
            self._withdraw_pending()
            return
        env = self.env
        self.env.cr.postcommit.add(
            lambda: in_own_transaction(
                env, lambda own: own["mail.tracking.consent"]._withdraw_pending()
            )
        )

    @api.model
    def _withdraw_pending(self):
        """Remove the past opens of addresses that have refused.

        Made for READ COMMITTED. Called after the commit of a refusal; a job repeats it
        when that fails.
        """
        self.env.cr.execute(
            "SELECT address FROM mail_tracking_consent WHERE is_pending"
            " ORDER BY id FOR UPDATE SKIP LOCKED"
        )
        addresses = [row[0] for row in self.env.cr.fetchall()]
        if not addresses:
            return
        self.env["mail.tracking.email"]._remove_opens(addresses)
        self.env.cr.execute(
            SQL(
                "UPDATE mail_tracking_consent SET is_pending = NULL"
                " WHERE address = ANY(%s)",
                addresses,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _check_import(self, addresses, choice):
        """Check that an import does not lift the refusal of a recipient.

        :raise ValidationError: names the first such address
        """
        choices = self._choices_of(addresses) if choice == ALLOWED else {}
        for address in addresses:
            if choices.get(address) == REFUSED:
                raise ValidationError(
                    self.env._(
                        "%(address)s has refused open tracking. An import cannot "
                        "change that: leave the cell empty.",
                        address=isolated(address),
                    )
                )

    @api.model
    def _get_origin(self):
        """Return where the current call comes from, one of `ORIGINS`."""
        if self.env.context.get("import_file"):
            return "import"
        is_form = request and request.httprequest.path.startswith(FORM_PATH)
        return "form" if is_form else "api"

    @api.model
    def _choice_of_all(self, addresses, choices):
        """Return the choice of one person who has several addresses.

        :param addresses: normalised addresses
        :param dict choices: of `_choices_of`
        :return: `REFUSED` when one has refused, `ALLOWED` when all have allowed,
            else False
        """
        answers = {choices.get(address) for address in addresses}
        if REFUSED in answers:
            return REFUSED
        return ALLOWED if answers == {ALLOWED} else False

    @api.model
    def _merge_partners(self, partners):
        """Let the refusal of one of several contacts count for all their addresses.

        :param partners: contacts that become one
        """
        addresses = partners._mail_tracking_addresses()
        everything = {address for some in addresses.values() for address in some}
        if REFUSED in self._choices_of(everything).values():
            self._choose(everything, REFUSED, "merge")

    # === RECIPIENTS AND USERS THEMSELVES ===#
    @api.model
    def _linked_trackings(self, token, mac):
        """Return the trackings of the SMTP message that a link stands in.

        :param str token: of the message
        :param str mac: the signature
        :return: trackings, none for a link that is not ours or too old
        """
        Tracking = self.env["mail.tracking.email"]
        if not is_signed(self.env, token, mac):
            return Tracking
        return Tracking.search([("token", "=", token)])

    @api.model
    def _choose_by_link(self, trackings, choice, address=""):
        """Record the choice of the holder of a link.

        Where several recipients share the message, the holder types an address. That
        proves nothing, so it can only refuse, and not allow for somebody else.

        :param trackings: of `_linked_trackings`
        :param str choice: choice in the form
        :param str address: address in the form
        """
        addresses = {a for tracking in trackings for a in tracking._addresses()}
        if len(trackings) > 1:
            addresses &= {email_normalize(address or "")}
            allowed_choices = (REFUSED,)
        else:
            allowed_choices = (ALLOWED, REFUSED)
        if choice in allowed_choices:
            self._choose(addresses, choice, "link")

    @api.model
    def _choose_by_user(self, user, addresses, choice):
        """Record the choice of a user who is logged in, for their own addresses.

        Odoo does not verify the address of an account. So a refusal that somebody else
        has entered is not lifted here, only by the link in an email.

        :param user: the `res.users`
        :param addresses: normalised addresses of the account
        :param str choice: choice in the form
        """
        if choice == ALLOWED:
            refused = self.search(
                [
                    ("address", "in", list(addresses)),
                    ("state", "=", REFUSED),
                    ("user_id", "!=", user.id),
                ]
            )
            addresses = set(addresses) - set(refused.mapped("address"))
        if choice in (ALLOWED, REFUSED):
            self._choose(addresses, choice, "page")

    # === ACTIONS ===#
    def action_open_history(self):
        """Open the history of the address."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("History"),
            "res_model": "mail.tracking.consent.log",
            "views": [(False, "list")],
            "domain": [("address", "=", self.address)],
        }
