from odoo.tests import tagged
from odoo.tools import mute_logger

from ..helpers.committed_case import CommittedCase

CORE = "odoo.addons.mail.models.mail_mail"
SERVER = "odoo.addons.base.models.ir_mail_server"


@tagged("post_install", "-at_install")
class TestChangesInTheQueue(CommittedCase):
    """Changes to the recipients of a queued mail."""

    def queued(self, **values):
        with self.committed() as env:
            partner = env["res.partner"].create(
                {"name": "Q", "email": "old@example.com"}
            )
            values = {"recipient_ids": partner.ids, **values}
            mail = env["mail.mail"].create(
                {
                    "subject": "Changes",
                    "body_html": "<p>x</p>",
                    "email_from": "sender@example.com",
                    **values,
                }
            )
            rows = env["mail.tracking.email"].search([("mail_id", "=", mail.id)])
            self.created += [partner, mail, rows]
            return partner.id, mail.id, rows.ids

    def run_queue(self, mail_id):
        with self.committed() as env:
            env["mail.mail"].process_email_queue([mail_id])

    def row(self, row_ids):
        with self.committed() as env:
            rows = env["mail.tracking.email"].browse(row_ids)
            return rows.read(["state", "recipient_address", "error_description"])

    def test_address_is_corrected(self):
        partner_id, mail_id, row_ids = self.queued()
        with self.committed() as env:
            env["res.partner"].browse(partner_id).email = "new@example.com"
        self.run_queue(mail_id)
        self.assertEqual(self.smtp.copies("new@example.com"), 1)
        (row,) = self.row(row_ids)
        self.assertEqual(row["recipient_address"], "new@example.com")
        self.assertEqual(row["state"], "sent")

    def test_recipient_who_joins_a_failed_mail(self):
        """What failed before is not of them, nor is this an automatic retry."""
        _partner_id, mail_id, row_ids = self.queued()
        self.smtp.refused["old@example.com"] = "550 5.1.1 Unknown"
        with mute_logger(CORE, SERVER):
            self.run_queue(mail_id)
        with self.committed() as env:
            mail = env["mail.mail"].browse(mail_id)
            self.assertTrue(mail.failure_type)
            mail.write({"email_to": "added@example.com", "state": "outgoing"})
        self.smtp.refused.clear()
        self.run_queue(mail_id)
        with self.committed() as env:
            rows = env["mail.tracking.email"].search([("mail_id", "=", mail_id)])
            added = rows.filtered(lambda row: row.id not in row_ids)
            self.created.append(added)
            events = added.tracking_event_ids.sorted("id")
            self.assertEqual(events.mapped("event_type"), ["queued", "sent"])
            self.assertEqual(events.mapped("error_type"), [False, False])

    def test_recipient_who_was_added_stays_when_another_one_leaves(self):
        _partner_id, mail_id, row_ids = self.queued()
        with self.committed() as env:
            mail = env["mail.mail"].browse(mail_id)
            mail.email_to = "added@example.com"
            env["mail.tracking.email"].browse(row_ids)._cancel()
            self.assertEqual(mail.state, "outgoing")
        self.run_queue(mail_id)
        copies = [self.smtp.copies(f"{to}@example.com") for to in ("old", "added")]
        self.assertEqual(copies, [0, 1])
        (row,) = self.row(row_ids)
        self.assertEqual(row["state"], "canceled")
        with self.committed() as env:
            domain = [("mail_id", "=", mail_id), ("id", "not in", row_ids)]
            added = env["mail.tracking.email"].search(domain)
            self.created.append(added)
            self.assertEqual(added.mapped("state"), ["sent"])

    def test_recipient_is_removed(self):
        _partner_id, mail_id, row_ids = self.queued(email_to="other@example.com")
        with self.committed() as env:
            env["mail.mail"].browse(mail_id).recipient_ids = False
        self.run_queue(mail_id)
        states = {row["recipient_address"]: row for row in self.row(row_ids)}
        self.assertEqual(states["other@example.com"]["state"], "sent")
        self.assertEqual(states["old@example.com"]["state"], "canceled")
        self.assertIn("No longer", states["old@example.com"]["error_description"])

    def test_address_longer_than_a_tracking_keeps(self):
        address = f"{'x' * 330}@example.com"
        _partner_id, mail_id, row_ids = self.queued(email_to=address)
        self.run_queue(mail_id)
        states = [row["state"] for row in self.row(row_ids)]
        self.assertEqual(states, ["sent", "sent"])

    def test_contact_is_deleted(self):
        partner_id, mail_id, row_ids = self.queued()
        with self.committed() as env:
            env["res.partner"].browse(partner_id).unlink()
        with mute_logger(CORE, SERVER):
            self.run_queue(mail_id)
        with self.committed() as env:
            rows = env["mail.tracking.email"].search([("mail_id", "=", mail_id)])
            self.assertEqual(rows.ids, row_ids, "no row for nobody")
            self.assertEqual(rows.state, "canceled")

    def test_message_is_deleted(self):
        with self.committed() as env:
            document = env["res.partner"].create({"name": "Document"})
            partner = env["res.partner"].create({"name": "R", "email": "r@example.com"})
            message = document.with_context(mail_notify_force_send=False).message_post(
                body="Hello",
                subtype_xmlid="mail.mt_comment",
                partner_ids=partner.ids,
            )
            rows = env["mail.tracking.email"].search(
                [("mail_message_id", "=", message.id)]
            )
            self.created += [document, partner, rows]
        with self.committed() as env:
            self.assertEqual(rows.with_env(env).state, "waiting")
            message.with_env(env).unlink()
        self.assertEqual([row["state"] for row in self.row(rows.ids)], ["canceled"])

    def test_document_of_a_mail_that_deletes_its_message_is_deleted(self):
        """As from a template: only the mail tells which message it belongs to."""
        with self.committed() as env:
            document = env["res.partner"].create({"name": "Document"})
        place = {"model": "res.partner", "res_id": document.id}
        _partner_id, _mail_id, row_ids = self.queued(auto_delete=True, **place)
        with self.committed() as env:
            document.with_env(env).unlink()
        (row,) = self.row(row_ids)
        self.assertEqual(row["state"], "canceled")

    def test_document_is_deleted_right_after_its_mail_was_sent(self):
        """As when a meeting is cancelled: the state is raised after the commit only."""
        self.smtp.refused["bob@example.com"] = "550 5.1.1 No such user"
        for auto_delete in (False, True):
            with self.subTest(auto_delete=auto_delete), self.committed() as env:
                document = env["res.partner"].create({"name": "Document"})
                mails = env["mail.mail"].create(
                    [
                        {
                            "body_html": "<p>x</p>",
                            "email_from": "sender@example.com",
                            "email_to": address,
                            "auto_delete": auto_delete,
                            "model": "res.partner",
                            "res_id": document.id,
                        }
                        for address in ("alice@example.com", "bob@example.com")
                    ]
                )
                rows = env["mail.tracking.email"].search([("mail_id", "in", mails.ids)])
                self.created.append(rows)
                mails.send()
                document.unlink()
            states = [self.state_of(row_id) for row_id in sorted(rows.ids)]
            expected = [("sent", ["queued", "sent"]), ("error", ["error", "queued"])]
            self.assertEqual(states, expected)

    def test_failed_template_mail_keeps_its_message_until_it_is_sent(self):
        with self.committed() as env:
            document = env["res.partner"].create({"name": "Document"})
            self.created.append(document)
        place = {"model": "res.partner", "res_id": document.id}
        _partner_id, mail_id, row_ids = self.queued(auto_delete=True, **place)
        self.smtp.refused["old@example.com"] = "450 4.2.0 Later"
        with mute_logger(CORE):
            self.run_queue(mail_id)
        self.assertEqual(self.message_of(row_ids), mail_id)
        with self.committed() as env:
            env["mail.tracking.email"]._cron_try_again()
            self.assertEqual(env["mail.tracking.email"].browse(row_ids).state, "error")
        self.smtp.refused.clear()
        with self.committed() as env:
            env["mail.mail"].browse(mail_id).action_retry()
        self.assertFalse(self.message_of(row_ids), "sending deletes the message")
        self.run_queue(mail_id)
        self.assertEqual(self.smtp.copies("old@example.com"), 1)
        state, _kinds = self.state_of(row_ids[0])
        self.assertEqual(state, "sent")

    def message_of(self, row_ids):
        """Return the id of the mail whose message the row has, False without one."""
        with self.committed() as env:
            message = env["mail.tracking.email"].browse(row_ids).mail_message_id
            return message.mail_ids.id

    def test_personal_server_splits_a_mail(self):
        user, server = self.new_personal_server("3")
        with self.committed() as env:
            partners = env["res.partner"].create(
                [{"name": f"S{i}", "email": f"s{i}@example.com"} for i in range(7)]
            )
            self.created += [partners]
        for auto_delete in (False, True):
            self.smtp.messages.clear()
            with self.subTest(auto_delete=auto_delete), self.committed() as env:
                mail = (
                    env["mail.mail"]
                    .with_user(user.id)
                    .sudo()
                    .create(
                        {
                            "subject": "Split",
                            "body_html": "<p>x</p>",
                            "email_from": "owner@example.com",
                            "recipient_ids": partners.ids,
                            "mail_server_id": server.id,
                            "auto_delete": auto_delete,
                        }
                    )
                )
                mail_id = mail.id
                domain = [("partner_id", "in", partners.ids), ("id", ">", 0)]
                first = env["mail.tracking.email"].search(domain, order="id desc")[:7]
            domain = [("partner_id", "in", partners.ids), ("id", ">=", min(first.ids))]
            mail_ids = [mail_id]
            for count in (3, 6, 7):
                with self.committed() as env:
                    env["mail.mail"].browse(mail_ids).exists().scheduled_date = False
                    env["ir.mail_server"].browse(server.id).owner_limit_time = False
                for one in mail_ids:
                    self.run_queue(one)
                with self.committed() as env:
                    rows = env["mail.tracking.email"].search(domain)
                    self.created.append(rows)
                    self.assertEqual(len(rows), 7, "one row for each recipient")
                    sent = rows.filtered(lambda row: row.state == "sent")
                    self.assertEqual(len(sent), count, rows.mapped("error_description"))
                    for row in rows - sent:
                        self.assertEqual(row.state, "waiting")
                        self.assertTrue(row._waiting_mail_sudo(), "waits for ever")
                    for row in rows:
                        copies = self.smtp.copies(row.recipient_address)
                        self.assertEqual(copies, int(row in sent))
                    mail_ids = list(set(rows.mapped("mail_id")))
            with self.committed() as env:
                env["ir.mail_server"].browse(server.id).owner_limit_time = False
