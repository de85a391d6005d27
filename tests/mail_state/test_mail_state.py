from odoo.tests import tagged

from ..helpers.mail_state_case import FAILED, MailStateCase


@tagged("post_install", "-at_install")
class TestMailState(MailStateCase):
    def test_status_of_each_state(self):
        for state, status in [
            ("waiting", "waiting"),
            ("canceled", False),
            ("sent", "sent"),
            ("deferred", "sent"),
            ("delivered", "delivered"),
            ("error", "error"),
            ("noemail", "noemail"),
            ("rejected", "error"),
            ("soft_bounced", "error"),
            ("bounced", "error"),
            ("opened", "opened"),
            ("unsub", "opened"),
            ("spam", "error"),
        ]:
            with self.subTest(state=state):
                document = self.new_document(state)
                self.assertEqual(document.mail_tracking_state, status)

    def test_worst_recipient(self):
        recipients = ["canceled", "opened", "delivered", "sent", "waiting"]
        document = self.new_document(*recipients)
        self.assertEqual(document.mail_tracking_state, "waiting")
        document = self.new_document(*recipients, "noemail")
        self.assertEqual(document.mail_tracking_state, "noemail")
        document = self.new_document("noemail", "bounced", *recipients)
        self.assertEqual(document.mail_tracking_state, "error")

    def test_last_message(self):
        document = self.new_document("bounced")
        self.add_message(document, "opened")
        self.assertEqual(document.mail_tracking_state, "opened")

    def test_canceled_message_was_not_sent(self):
        document = self.new_document("bounced")
        self.add_message(document, "canceled")
        self.assertEqual(document.mail_tracking_state, "error")

    def test_notice_to_user_is_not_of_the_document(self):
        document = self.new_document("bounced")
        self.add_message(document, "sent", message_type="user_notification")
        self.assertEqual(document.mail_tracking_state, "error")

    def test_nothing_tracked(self):
        self.assertFalse(self.document.mail_tracking_state)
        self.assertFalse(self.document.mail_tracking_summary)
        self.assertFalse(self.Partner.new({"name": "New"}).mail_tracking_state)

    def test_really_sent(self):
        self.smtp.refused["bob@example.com"] = "550 5.1.1 User unknown"
        self.post(self.alice)
        self.assertEqual(self.document.mail_tracking_state, "sent")
        self.post(self.alice + self.bob)
        self.document.invalidate_recordset()
        self.assertEqual(self.document.mail_tracking_state, "error")

    def test_notice_of_assignment_is_marked(self):
        self.document.message_notify(
            body="You have been assigned", partner_ids=self.alice.ids
        )
        tracking = self.Tracking.search([("partner_id", "=", self.alice.id)])
        self.assertTrue(tracking.notifies_only)
        self.post(self.bob)
        tracking = self.Tracking.search([("partner_id", "=", self.bob.id)])
        self.assertFalse(tracking.notifies_only)

    def test_reading_the_summary_makes_no_copy(self):
        self.post(self.alice)
        first, again = (self.document.mail_tracking_summary for _time in range(2))
        self.assertTrue(first)
        self.assertIs(first, again)

    def test_summary_tells_numbers_openings_and_reason(self):
        document = self.new_document("opened", "opened", "bounced", "noemail")
        trackings = self.Tracking.search([("res_id", "=", document.id)], order="id")
        trackings[0].sudo().open_count = 2
        trackings[1].sudo().open_count = 1
        trackings[2].sudo().error_type = "address_unknown"
        document.invalidate_recordset()
        self.assertEqual(
            document.mail_tracking_summary,
            [
                ["bounced", 1, "address_unknown"],
                ["noemail", 1, False],
                ["opened", 2, 3],
            ],
        )

    def test_one_query_for_a_page(self):
        documents = self.Partner.concat(
            *(self.new_document("sent", "bounced") for _number in range(20))
        )
        self.env.invalidate_all()
        documents.mapped("name")
        with self.assertQueryCount(1):
            documents.mapped("mail_tracking_state")
            documents.mapped("mail_tracking_summary")

    def test_statements_of_a_list(self):
        documents = self.Partner.concat(
            *(self.new_document("sent", "bounced", ref="list") for _i in range(20))
        )
        Partner = self.Partner.with_user(self.employee)
        mine = [("ref", "=", "list")]

        def count(domain, *names):
            specification = dict.fromkeys(("name", *names), {})
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answer = Partner.web_search_read(domain, specification, limit=80)
            self.assertEqual(answer["length"], len(documents))
            return self.env.cr.sql_log_count - before

        count(mine)  # caches that outlive the request are warm from here on
        plain = count(mine)
        with_column = count(mine, "mail_tracking_state", "mail_tracking_summary")
        self.assertEqual(with_column, plain + 1)
        # Asked once for a model, which way to go.
        self.assertLessEqual(count([*mine, *FAILED]), plain + 1)
        self.assertEqual(count([*mine, *FAILED]), plain)
        group = ["mail_tracking_state"]
        with self.assertQueryCount(1):
            self.assertEqual(
                Partner._read_group(mine, group, ["__count"]), [("error", 20)]
            )
