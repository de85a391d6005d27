import xmlrpc.client

from .case import LiveCase
from .databases import query

MODELS = ("mail.tracking.email", "mail.tracking.event")
PRIVATE = {
    "mail.tracking.email": [
        ("_update_state", [[1]]),
        ("_register_open", ["x" * 26, "human"]),
        ("_restore", [[], {}]),
        ("_new_token", []),
    ],
    "mail.tracking.event": [("_insert", [[]])],
}
# What Odoo logs of each refusal, as a warning.
REFUSALS = [
    "odoo.http: You are not allowed to ",
    "odoo.http: You do not have enough rights to access the field",
    "odoo.http: Tracking events cannot be modified",
    "odoo.http: Private methods (such as 'mail.tracking.",
]
SNAPSHOT = """
    SELECT (SELECT array_agg(t::text ORDER BY id) FROM mail_tracking_email t) AS email,
           (SELECT array_agg(e::text ORDER BY id) FROM mail_tracking_event e) AS event
"""


class TestAccess(LiveCase):
    """What nobody may do from outside, whoever he is."""

    employee = None

    def setUp(self):
        super().setUp()
        self.server.expected = REFUSALS
        self.sent_pixel(self.a)
        if not self.employee:
            type(self).employee = self.new_user(self.a)
        self.users = {"administrator": self.a, "employee": self.employee}
        self.before = query(self.a.database, SNAPSHOT)
        self.addCleanup(self.assert_unchanged)

    def assert_unchanged(self):
        """Check that not one value of any tracking or event is another now."""
        self.assertEqual(query(self.a.database, SNAPSHOT), self.before)

    def assert_refused(self, user, *call):
        """Check that a call is refused, and for want of rights."""
        with self.assertRaises(xmlrpc.client.Fault) as refused:
            user(*call)
        self.assertEqual(refused.exception.faultCode, 4, refused.exception)

    def test_nobody_creates_writes_or_deletes(self):
        """History is made by mails, not by hand; administrators included."""
        ids = {
            model: self.a(model, "search", [], limit=1, order="id desc")
            for model in MODELS
        }
        (tracking_id,) = ids["mail.tracking.email"]
        new = {
            "mail.tracking.email": {"name": "Forged", "state": "opened"},
            "mail.tracking.event": {
                "tracking_email_id": tracking_id,
                "event_type": "open",
                "source": "pixel",
            },
        }
        for who, user in self.users.items():
            for model in MODELS:
                with self.subTest(who=who, model=model):
                    self.assert_refused(user, model, "create", new[model])
                    self.assert_refused(user, model, "write", ids[model], new[model])
                    self.assert_refused(user, model, "unlink", ids[model])

    def test_nobody_calls_private_methods(self):
        """What writes is private, and stays out of reach."""
        for who, user in self.users.items():
            for model, calls in PRIVATE.items():
                for method, arguments in calls:
                    with self.subTest(who=who, method=method):
                        self.assert_refused(user, model, method, *arguments)

    def test_tokens_are_not_for_employees(self):
        """Who knows a token could open a mail in somebody's name."""
        (tracking_id,) = self.a("mail.tracking.email", "search", [], limit=1)
        for field in ("token", "best_evidence"):
            call = ("mail.tracking.email", "read", [tracking_id], [field])
            self.assert_refused(self.employee, *call)
            domain = [(field, "=like", "a%")]
            search = ("mail.tracking.email", "search", domain)
            self.assert_refused(self.employee, *search)
