from datetime import timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.mail.models.mail_presence import MailPresence


class ColleaguesCase(TransactionCase):
    """Colleagues who have a document open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.env.ref("base.user_admin")
        cls.colleague = new_test_user(cls.env, "colleague", groups="base.group_user")
        cls.Viewer = cls.env["mail.tracking.viewer"]
        cls.env["mail.presence"].search([]).unlink()

    def be_online(self, user, status="online"):
        """Record that a user has opened or closed a browser."""
        presence = self.env["mail.presence"].search([("user_id", "=", user.id)])
        with patch.object(MailPresence, "_send_presence", lambda *_args: None):
            if presence:
                presence.status = status
            else:
                presence.create({"user_id": user.id, "status": status})
            presence.flush_model()
        if status == "offline":
            self.age_viewers()

    def age_viewers(self):
        """Move the time at which documents were opened far back."""
        for viewer in self.Viewer.search([]):
            viewer.since -= timedelta(hours=1)
        self.Viewer.flush_model()

    def look_at(self, *documents, user=None, browser="browser"):
        """Subscribe a browser of a user to the chatters of these documents only."""
        user = user or self.colleague
        self.be_online(user)
        return self.Viewer.with_user(user)._replace(browser, list(documents))
