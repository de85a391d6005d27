from odoo.tests import tagged

from ..helpers.fault_case import FaultCase


@tagged("post_install", "-at_install")
class TestBatches(FaultCase):
    """What the mails of one batch say of each other: nothing."""

    def setUp(self):
        super().setUp()
        self.smtp.messages.clear()

    def test_addresses_of_one_mail_that_are_sent_to_again_in_two(self):
        """Addresses without a contact keep their token: one run has it twice."""
        self.set_parameter("retry_hours", "48")
        self.set_parameter("retry_not_tried", "True")
        self.smtp.refused["b@example.com"] = "421 4.7.0 Later"
        mail_id = self.new_mail(email_to="a@example.com, b@example.com")
        self.run_queue([mail_id])
        with self.committed() as env:
            rows = env["mail.tracking.email"].search(
                [("recipient_address", "in", ["a@example.com", "b@example.com"])],
                order="id desc",
                limit=2,
            )
            self.created.append(rows)
            mails = env["mail.mail"].browse(rows.mapped("mail_id"))
            self.created.append(mails)
            self.assertEqual(len(mails), 2, "sent again at different times")
            mails.scheduled_date = False
        self.smtp.refused["b@example.com"] = "550 5.1.1 Unknown"
        self.run_queue(mails.ids)
        states = {to: row[0] for to, row in self.rows(mails.ids).items()}
        self.assertEqual(states, {"a@example.com": "sent", "b@example.com": "error"})
        self.run_queue(mails.ids)
        self.assertEqual(self.smtp.copies("a@example.com"), 1)

    def test_dead_server_says_nothing_of_what_is_over(self):
        """Core calls a whole batch failed, also what somebody else has settled."""
        self.set_parameter("retry_hours", "48")
        sent = self.new_mail(email_to="sent@example.com")
        canceled = self.new_mail(email_to="canceled@example.com")
        self.run_queue([sent])
        with self.committed() as env:
            env["mail.mail"].browse(canceled).cancel()
        with self.no_server(), self.committed() as env:
            env["mail.mail"].browse([sent, canceled]).send()
        states = {to: row[0] for to, row in self.rows([sent, canceled]).items()}
        expected = {"sent@example.com": "sent", "canceled@example.com": "canceled"}
        self.assertEqual(states, expected)
        self.assertNotIn("outgoing", self.states([sent, canceled]))

    def test_contact_whose_name_is_an_address(self):
        """Core sends to the address in the name of a contact without another one."""
        for answer, state in (("", "sent"), ("550 5.1.1 Unknown", "error")):
            if answer:
                self.smtp.refused["name@example.com"] = answer
            with self.committed() as env:
                partner = env["res.partner"].create({"name": "name@example.com"})
                self.created.append(partner)
            mail_id = self.new_mail(recipient_ids=partner.ids)
            self.run_queue([mail_id])
            rows = self.rows([mail_id])
            self.assertEqual(list(rows), ["name@example.com"])
            self.assertEqual(rows["name@example.com"][0], state)
        self.assertEqual(self.smtp.copies("name@example.com"), 1)

    def test_split_mail_goes_again_to_the_refused_address_only(self):
        self.set_parameter("retry_hours", "48")
        user, server = self.new_personal_server("2")
        (partner_id,) = self.partners("a")
        partner_ids = [partner_id, *self.partners("cd")]
        with self.committed() as env:
            env["res.partner"].browse(partner_id).email = "a@example.com, b@example.com"
            mail = env(user=user.id, su=True)["mail.mail"].create(
                {
                    "email_from": "owner@example.com",
                    "mail_server_id": server.id,
                    "recipient_ids": partner_ids,
                    "body_html": "<p>x</p>",
                }
            )
            rows = env["mail.tracking.email"].search([("mail_id", "=", mail.id)])
            self.created += [mail, rows]
        self.smtp.refused["b@example.com"] = "451 4.7.1 Greylisted"
        self.run_queue(mail.ids)
        self.smtp.refused.clear()
        with self.committed() as env:
            server.with_env(env).owner_limit_time = False
            row = env["mail.tracking.email"].search([("partner_id", "=", partner_id)])
            again = row._waiting_mail_sudo()
            self.created.append(again)
            again.scheduled_date = False
        self.run_queue(again.ids)
        copies = [self.smtp.copies(f"{name}@example.com") for name in "abcd"]
        self.assertEqual(copies, [1, 1, 1, 0])

    def split_and_break(self):
        """Queue two mails, of which a personal server splits the second.

        The session breaks at the first one. Return the ids of the contacts.
        """
        user, server = self.new_personal_server("4")
        values = {"email_from": "owner@example.com", "mail_server_id": server.id}
        partner_ids = self.partners("abcdefg")
        with self.committed() as env:
            mails = env(user=user.id, su=True)["mail.mail"].create(
                [
                    {"email_to": "first@example.com", **values},
                    {"recipient_ids": partner_ids, "body_html": "<p>x</p>", **values},
                ]
            )
            rows = env["mail.tracking.email"].search([("mail_id", "in", mails.ids)])
            self.created += [mails, rows]
        self.smtp.drops["first@example.com"] = "rcpt"
        self.run_queue(mails.ids)
        self.smtp.drops.clear()
        with self.committed() as env:
            server.with_env(env).owner_limit_time = False
            limit = "mail.server.personal.limit.minutes"
            env["ir.config_parameter"].set_param(limit, "100")
        return partner_ids

    def test_session_breaks_after_a_mail_was_split(self):
        """Who is in the copy for a personal server leaves it, and not the original."""
        domain = [("partner_id", "in", self.split_and_break())]
        with self.committed() as env:
            rows = env["mail.tracking.email"].search(domain, order="id")
            mails = env["mail.mail"].browse(set(rows.mapped("mail_id"))).sorted("id")
            self.created += [mails, rows]
            self.assertEqual([len(mail.recipient_ids) for mail in mails], [4, 3])
            for row in rows:
                carrying = mails.browse(row.mail_id)
                self.assertIn(row.partner_id, carrying.recipient_ids)
            rows[0]._cancel()
            mails.scheduled_date = False
        self.run_queue(mails.ids)
        copies = [self.smtp.copies(f"{name}@example.com") for name in "abcdefg"]
        self.assertEqual(copies, [0, *[1] * 6])
        with self.committed() as env:
            rows = env["mail.tracking.email"].search(domain, order="id")
            self.assertEqual(rows.mapped("state"), ["canceled", *["sent"] * 6])
            kinds = rows[1:].tracking_event_ids.mapped("event_type")
            self.assertEqual(set(kinds), {"queued", "sent"})
