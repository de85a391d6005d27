from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..helpers.tracking_case import TrackingCase

EMAILS, EVENTS = "mail.tracking.email", "mail.tracking.event"


@tagged("post_install", "-at_install")
class TestReadableSql(TrackingCase):
    """The SQL condition finds the same readable messages as core."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Other"})
        cls.employee = new_test_user(cls.env, "readable-employee", email="e@e.example")
        cls.stranger = new_test_user(
            cls.env,
            "readable-stranger",
            email="s@e.example",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.users = cls.employee + cls.stranger

    def setUp(self):
        super().setUp()
        contacts = self.env["res.partner"].create(
            [
                {"name": "Ours", "company_id": self.env.company.id},
                {"name": "Theirs", "company_id": self.company.id},
                {"name": "Shared", "active": False},
            ]
        )
        self.messages = {
            name: self.message(**values)
            for name, values in {
                "ours": {"res_id": contacts[0].id},
                "theirs": {"res_id": contacts[1].id},
                "shared, archived": {"res_id": contacts[2].id},
                "document gone": {"res_id": 2**31 - 1},
                "no document": {"model": False},
                "no number": {"model": "res.country", "res_id": 0},
                "model without a right": {"model": "ir.rule", "res_id": 1},
                "model without a rule": {"model": "res.country", "res_id": 1},
                "for one user": {
                    "res_id": contacts[0].id,
                    "message_type": "user_notification",
                },
                "author": {
                    "model": False,
                    "author_id": self.employee.partner_id.id,
                },
                "recipient": {
                    "model": False,
                    "partner_ids": self.stranger.partner_id.ids,
                },
            }.items()
        }
        self.messages["creator"] = self.message(model=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_uid = %s WHERE id = %s",
            [self.employee.id, self.messages["creator"].id],
        )
        self.messages["notified"] = notified = self.message(model=False)
        self.env["mail.notification"].create(
            {
                "mail_message_id": notified.id,
                "res_partner_id": self.employee.partner_id.id,
            }
        )
        self.trackings = self.env[EMAILS].create(
            [
                {"name": name, "mail_message_id": message.id}
                for name, message in self.messages.items()
            ]
            + [{"name": "message gone"}]
        )
        self.trackings._add_events({"event_type": "sent", "source": "smtp"})
        self.env.flush_all()

    def message(self, **values):
        return self.env["mail.message"].create(
            {
                "model": "res.partner",
                "author_id": self.alice.id,
                "message_type": "comment",
                "partner_ids": [],
                "reply_to": "reply@example.com",
                **values,
            }
        )

    def as_core(self, user):
        self.env.invalidate_all()
        theirs = self.trackings.with_user(user)
        messages = theirs.sudo().mail_message_id.with_user(user)
        readable = messages._filtered_access("read")
        return {t.name for t in theirs.sudo() if t.mail_message_id in readable.sudo()}

    def names_for(self, user, **options):
        self.env.invalidate_all()
        ours = self.trackings
        emails = self.env[EMAILS].with_user(user)
        readable = emails.search([("id", "in", ours.ids)], **options)
        events = self.env[EVENTS].with_user(user)
        of_events = events.search([("tracking_email_id", "in", ours.ids)], **options)
        self.assertEqual(set(of_events.sudo().tracking_email_id), set(readable))
        return set(readable.sudo().mapped("name"))

    @contextmanager
    def overridden(self, model, name):
        """Let a model decide by a method of its own that decides the same."""
        class_ = self.env.registry[model]
        former = getattr(class_, name)

        def own(*args):
            return former(*args)

        with patch.object(class_, name, own):
            yield

    def test_as_core(self):
        """Each kind of message, for an employee of each company."""
        for user in self.users:
            with self.subTest(user=user.login):
                self.assertEqual(self.names_for(user), self.as_core(user))
        self.assertEqual(
            self.names_for(self.employee),
            {
                "ours",
                "shared, archived",
                "model without a rule",
                "author",
                "creator",
                "notified",
            },
        )
        self.assertEqual(
            self.names_for(self.stranger),
            {"theirs", "shared, archived", "model without a rule", "recipient"},
        )

    def test_one_condition_for_all(self):
        """How many may be read, and of which state, is one statement more."""
        emails = self.env[EMAILS].with_user(self.employee)
        contacts = self.env["res.partner"].create(
            [{"name": f"C{i}"} for i in range(300)]
        )
        self.env[EMAILS].create(
            [{"mail_message_id": self.message(res_id=c.id).id} for c in contacts]
        )
        self.env.flush_all()
        emails.search_count([])  # rules are in the cache of the registry then
        for call in (
            lambda: emails.search_count([]),
            lambda: emails._read_group([], ["state"], ["__count"]),
            lambda: emails.search([], limit=80),
        ):
            self.env.invalidate_all()
            # User, groups and contact; the models of messages; the answer.
            with self.assertQueryCount(5):
                call()

    def test_who_decides_by_a_method_is_asked(self):
        """A model with a method of its own is asked message by message."""
        access = "_mail_get_operation_for_mail_message_operation"
        for model, name in (
            ("res.partner", access),
            ("res.partner", "_check_access"),
            ("mail.message", "_get_forbidden_access"),
        ):
            for user in self.users:
                with (
                    self.subTest(model=model, method=name, user=user.login),
                    self.overridden(model, name),
                ):
                    expected = self.as_core(user)
                    self.assertEqual(self.names_for(user), expected)
                    self.assertEqual(len(self.names_for(user, limit=3)), 3)

    def test_a_way_of_its_own_counts(self):
        """Messages that a method forbids are not found, though rules allow them."""

        def nothing(records, _operation):
            return records, lambda: None

        with patch.object(self.env.registry["res.partner"], "_check_access", nothing):
            self.assertEqual(
                self.names_for(self.employee),
                {"model without a rule", "author", "creator", "notified"},
            )
        messages = self.env.registry["mail.message"]
        with patch.object(
            messages, "_get_forbidden_access", lambda all_, _operation: all_
        ):
            self.assertEqual(self.names_for(self.employee), set())

    def test_a_rule_for_messages_counts(self):
        self.env["ir.rule"].create(
            {
                "name": "Own messages alone",
                "model_id": self.env["ir.model"]._get_id("mail.message"),
                "domain_force": "[('author_id', '=', user.partner_id.id)]",
            }
        )
        self.assertEqual(self.names_for(self.employee), {"author"})

    def test_more_to_ask_than_is_kept(self):
        """The page is filled batch by batch then, as for a module's own messages."""
        batches = (
            "odoo.addons.mail_activity_tracking.models.tracking"
            ".mail_tracking_readable_mixin.MOST_ROWS"
        )
        access = "_mail_get_operation_for_mail_message_operation"
        expected = self.as_core(self.employee)
        with patch(batches, 2), self.overridden("res.partner", access):
            self.assertEqual(self.names_for(self.employee), expected)
            self.assertEqual(len(self.names_for(self.employee, limit=2)), 2)
