from contextlib import suppress
from smtplib import SMTPServerDisconnected

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.fault_case import FAULTS, VICTIM, FaultCase


@tagged("post_install", "-at_install")
class TestFaults(FaultCase):
    """A server that fails, in each way at each place: no row denies the mailbox."""

    def test_one_of_several_contacts(self):
        for place in range(3):
            names = ["a", "c"]
            names.insert(place, "b")
            for name in FAULTS:
                with self.fault(name) as (reason, temporary):
                    mail_id = self.new_mail(recipient_ids=self.partners(names))
                    self.run_queue([mail_id])
                    rows = self.rows([mail_id])
                    self.check_mailboxes(rows, name)
                    self.check_victim(rows.pop(VICTIM), reason, temporary)
                    order = [f"{n}@example.com" for n in names]
                    for address, row in rows.items():
                        tried = order.index(address) < order.index(VICTIM)
                        expected = (
                            ("sent", False) if tried else ("error", "not_attempted")
                        )
                        self.assertEqual(row[:2], expected, address)

    def test_mails_behind_it_in_the_queue(self):
        for name in FAULTS:
            with self.fault(name) as (reason, temporary):
                addresses = ["a@example.com", VICTIM, "c@example.com", "d@example.com"]
                ids = [self.new_mail(email_to=address) for address in addresses]
                self.run_queue(ids)
                rows = self.rows(ids)
                self.check_mailboxes(rows, name)
                self.assertEqual(rows["a@example.com"][0], "sent")
                self.check_victim(rows[VICTIM], reason, temporary)
                # Those behind it were sent, or are in the queue as they were.
                for mail_id, address in zip(ids[2:], addresses[2:], strict=True):
                    waits = rows[address][0] == "waiting"
                    self.assertEqual(
                        self.states([mail_id]) == ["outgoing"], waits, address
                    )
                    self.assertIn(rows[address][0], ("sent", "waiting"))
                self.run_queue(ids)
                self.assertEqual(
                    [self.smtp.copies(a) for a in addresses if a != VICTIM], [1, 1, 1]
                )

    def test_raw_addresses_share_one_message(self):
        for name in FAULTS:
            with self.fault(name) as (reason, temporary):
                mail_id = self.new_mail(
                    email_to=f"a@example.com,{VICTIM},c@example.com"
                )
                self.run_queue([mail_id])
                rows = self.rows([mail_id])
                self.check_mailboxes(rows, name)
                self.check_victim(rows[VICTIM], reason, temporary)

    def test_several_addresses_of_a_contact(self):
        with self.committed() as env:
            partner = env["res.partner"].create(
                {"name": "Both", "email": f"a@example.com, {VICTIM}"}
            )
            self.created.append(partner)
        for name in FAULTS:
            with self.fault(name) as (_reason, temporary):
                mail_id = self.new_mail(recipient_ids=partner.ids)
                self.run_queue([mail_id])
                with self.committed() as env:
                    row = env["mail.tracking.email"].search([("mail_id", "=", mail_id)])
                    self.assertEqual(row.state, "error")
                    self.assertEqual(row.recipient_address, "a@example.com")
                    self.assertEqual(row.other_addresses, VICTIM)
                    events = row.tracking_event_ids
                    reached = "sent" in events.mapped("event_type")
                    if name != "drop after the dot":
                        copies = self.smtp.copies("a@example.com")
                        self.assertEqual(reached, bool(copies))
                    errors = events.filtered(lambda e: e.event_type == "error")
                    self.assertEqual(any(errors.mapped("is_temporary")), temporary)
                    if reached:
                        self.assertEqual(errors.recipient, VICTIM)

    def both(self):
        """Create a contact with two addresses."""
        with self.committed() as env:
            partner = env["res.partner"].create(
                {"name": "Both", "email": f"a@example.com, {VICTIM}"}
            )
            self.created.append(partner)
            return partner.ids

    def try_anew(self, mail_id):
        """Send a mail that has failed again, by core's own button."""
        with self.committed() as env:
            env["mail.mail"].browse(mail_id).mark_outgoing()
        self.run_queue([mail_id])

    def copies(self):
        return [self.smtp.copies(address) for address in ("a@example.com", VICTIM)]

    def test_retry_goes_to_the_failed_address_alone(self):
        mail_id = self.new_mail(recipient_ids=self.both())
        self.smtp.refused[VICTIM] = "550 5.1.1 Unknown"
        self.run_queue([mail_id])
        del self.smtp.refused[VICTIM]
        self.try_anew(mail_id)
        self.assertEqual(self.copies(), [1, 1])
        self.assertEqual(self.rows([mail_id])["a@example.com"][0], "sent")

    def test_who_has_got_it_is_left_out_of_every_further_attempt(self):
        for name in ("451 at RCPT", "452 at RCPT", "550 at RCPT"):
            with self.fault(name):
                mail_id = self.new_mail(recipient_ids=self.both())
                self.run_queue([mail_id])
                self.assertEqual(self.copies(), [1, 0])
                for refusal in ("421 4.7.0 Later", "550 5.1.1 Unknown"):
                    self.smtp.refused[VICTIM] = refusal
                    self.try_anew(mail_id)
                    self.assertEqual(self.rows([mail_id])["a@example.com"][0], "error")
                with self.no_server():
                    self.try_anew(mail_id)
                self.assertEqual(self.rows([mail_id])["a@example.com"][0], "error")
                self.smtp.refused.clear()
                self.try_anew(mail_id)
                self.assertEqual(self.rows([mail_id])["a@example.com"][0], "sent")
                self.assertEqual(self.copies(), [1, 1])

    def test_late_bounce_of_an_address_that_was_left_out(self):
        mail_id = self.new_mail(recipient_ids=self.both())
        self.smtp.refused[VICTIM] = "451 4.7.1 Later"
        self.run_queue([mail_id])
        self.smtp.refused.clear()
        self.try_anew(mail_id)
        # Of the other one the first attempt is behind.
        for address, state in ((VICTIM, "sent"), ("a@example.com", "bounced")):
            with self.committed() as env:
                row = env["mail.tracking.email"].search([("mail_id", "=", mail_id)])
                self.assertEqual((row.state, row.attempt), ("sent", 2))
                bounce = {"event_type": "hard_bounce", "source": "dsn", "attempt": 1}
                row._add_events({**bounce, "recipient": address})
                row._update_state()
                self.assertEqual(row.state, state)
                addresses = row._get_timeline()["addresses"]
        self.assertEqual(
            [(one["address"], one["state"]) for one in addresses],
            [("a@example.com", "bounced"), (VICTIM, "sent")],
        )
        self.try_anew(mail_id)
        self.assertEqual(self.copies(), [2, 1])

    def test_sent_at_once_and_rolled_back(self):
        for name in ("drop at RCPT", "drop at DATA"):
            with self.fault(name):
                mail_id = self.new_mail(recipient_ids=self.partners("abc"))
                with suppress(SMTPServerDisconnected), self.committed() as env:
                    env["mail.mail"].browse(mail_id).send_after_commit()
                self.assertEqual(self.states([mail_id]), ["outgoing"])
                rows = self.rows([mail_id])
                self.assertEqual(rows["a@example.com"][0], "sent")
                self.assertEqual(rows[VICTIM][0], "waiting")
            self.run_queue([mail_id])
            rows = self.rows([mail_id])
            self.assertEqual({row[0] for row in rows.values()}, {"sent"})
            for address in rows:
                self.assertEqual(self.smtp.copies(address), 1, address)

    def test_sent_again_by_a_transaction_that_is_rolled_back(self):
        """The mail is as it was before: failed. Its next attempt has reached them."""
        for mark, state in (("550 5.1.1 Unknown", "exception"), (None, "cancel")):
            self.smtp.messages.clear()
            self.smtp.refused = dict.fromkeys((VICTIM, "c@example.com"), mark)
            mail_id = self.new_mail(recipient_ids=self.partners("bc"))
            if mark:
                self.run_queue([mail_id])
            with self.committed() as env:
                mail = env["mail.mail"].browse(mail_id)
                if not mark:
                    mail.cancel()
                self.assertEqual(mail.state, state)
            self.smtp.refused = {}
            with suppress(ZeroDivisionError), self.committed() as env:
                mail = env["mail.mail"].browse(mail_id)
                mail.mark_outgoing()
                mail.send()
                raise ZeroDivisionError
            rows = self.rows([mail_id])
            self.assertEqual({row[0] for row in rows.values()}, {"sent"})
            self.assertEqual(self.states([mail_id]), ["sent"])
            self.assertEqual([self.smtp.copies(address) for address in rows], [1, 1])

    def test_cancelled_while_the_server_takes_it(self):
        """The conflict rolls back what was noted, and not the mail that is out."""
        mail_id, tracking_id = self.post_to_queue()

        def cancel(_envelope):
            with self.committed() as env:
                env["mail.mail"].browse(mail_id).cancel()

        self.smtp.on_data = cancel
        with mute_logger("odoo.sql_db"), suppress(psycopg2.Error):
            self.run_queue([mail_id])
        self.smtp.on_data = None
        self.run_queue([mail_id])
        self.assertEqual(self.smtp.copies("q@example.com"), 1)
        self.assertEqual(
            self.state_of(tracking_id), ("sent", ["canceled", "queued", "sent"])
        )

    def test_refused_beside_somebody_who_got_it_and_rolled_back(self):
        """Raw addresses share one message: whom it refused is not tried again."""
        self.smtp.refused["r@example.com"] = "550 5.1.1 Unknown"
        with self.fault("drop at RCPT"):
            mail_id = self.new_mail(
                email_to="a@example.com,r@example.com",
                recipient_ids=self.partners("b"),
            )
            with suppress(SMTPServerDisconnected), self.committed() as env:
                env["mail.mail"].browse(mail_id).send_after_commit()
            states = {to: row[0] for to, row in self.rows([mail_id]).items()}
            expected = {"a@example.com": "sent", "r@example.com": "error"}
            self.assertEqual(states, {**expected, VICTIM: "waiting"})
        self.run_queue([mail_id])
        states = {to: row[0] for to, row in self.rows([mail_id]).items()}
        self.assertEqual(states, {**expected, VICTIM: "sent"})
        copies = {to: self.smtp.copies(to) for to in states}
        self.assertEqual(copies, {"a@example.com": 1, "r@example.com": 0, VICTIM: 1})

    def test_no_connection(self):
        self.smtp.stop()
        mail_id = self.new_mail(email_to="a@example.com")
        self.run_queue([mail_id])
        self.assertEqual(
            self.rows([mail_id]), {"a@example.com": ("error", "mail_smtp", True)}
        )

    def test_dead_server_says_nothing_of_the_next_batch(self):
        with self.committed() as env:
            dead = env["ir.mail_server"].create(
                {**self.smtp.server_values(), "name": "Dead", "smtp_port": 9}
            )
            nobody = env["res.partner"].create({"name": "Without address"})
            self.created += [nobody, dead]
        with self.committed() as env:
            good = env["ir.mail_server"].search([("name", "=", "Test server")], limit=1)
        lost = self.new_mail(email_to="a@example.com", mail_server_id=dead.id)
        empty = self.new_mail(recipient_ids=nobody.ids, mail_server_id=good.id)
        self.run_queue([lost, empty])
        with self.committed() as env:
            by_mail = {
                row.mail_id: row.error_type
                for row in env["mail.tracking.email"].search(
                    [("mail_id", "in", [lost, empty])]
                )
            }
        self.assertEqual(by_mail, {lost: "mail_smtp", empty: "mail_email_missing"})
