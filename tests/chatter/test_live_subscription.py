import json

from odoo.tests import new_test_user, tagged

from odoo.addons.bus.models.bus import channel_with_db, dispatch, hashable
from odoo.addons.bus.tests.common import WebsocketCase

from ..helpers.colleagues_case import ColleaguesCase


@tagged("post_install", "-at_install")
class TestLiveSubscription(WebsocketCase, ColleaguesCase):
    """Who may subscribe to the changes of a document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.env["res.partner"].create({"name": "Document"})
        other_company = cls.env["res.company"].create({"name": "Other"})
        cls.hidden = cls.document.create(
            {"name": "Hidden", "company_id": other_company.id}
        )

    def subscribe_as(self, user, *channels, websocket=None):
        """Subscribe as a browser does and return the connection."""
        if not websocket:
            session = self.authenticate(user and user.login, user and user.login)
            websocket = self.websocket_connect(cookie=f"session_id={session.sid}")
        self.subscribe(websocket, list(channels), self.env["bus.bus"]._bus_last_id())
        return websocket

    def documents_of(self, user):
        """Return what the browsers of a user show."""
        viewers = self.Viewer.search([("user_id", "=", user.id)])
        return [(viewer.model, viewer.res_id) for viewer in viewers]

    def channel(self):
        target = (self.document, "mail_tracking")
        return hashable(channel_with_db(self.env.cr.dbname, target))

    def name_of(self, document):
        return f"mail_tracking:{document._name}:{document.id}"

    def test_employees_subscribe_to_what_they_may_read(self):
        gone = self.document.create({"name": "Gone"})
        gone_name = self.name_of(gone)
        gone.unlink()
        message = self.env["mail.message"].search([], limit=1)
        self.subscribe_as(
            self.colleague,
            self.name_of(self.document),
            self.name_of(self.hidden),
            self.name_of(message),
            gone_name,
            f"mail_tracking:mail.thread:{self.document.id}",
            "mail_tracking:no.such.model:1",
            "mail_tracking:res.partner:99999999999999999999",
            "mail_tracking:ir.config_parameter:1",
        )
        self.assertEqual(
            self.documents_of(self.colleague), [("res.partner", self.document.id)]
        )

    def test_leaving_the_document_ends_it(self):
        websocket = self.subscribe_as(self.colleague, self.name_of(self.document))
        self.assertTrue(self.documents_of(self.colleague))
        self.subscribe_as(self.colleague, "anything", websocket=websocket)
        self.assertFalse(self.documents_of(self.colleague))

    def test_nothing_for_portal_users_and_guests(self):
        portal = new_test_user(self.env, "portal_viewer", groups="base.group_portal")
        self.document.message_subscribe(portal.partner_id.ids)
        for user in (portal, None):
            self.subscribe_as(user, self.name_of(self.document))
            self.assertFalse(self.Viewer.search([]))
            self.assertNotIn(self.channel(), dispatch._channels_to_ws)
        self.subscribe_as(self.colleague, self.name_of(self.document))
        self.assertIn(self.channel(), dispatch._channels_to_ws)

    def test_it_hears_what_is_pushed(self):
        websocket = self.subscribe_as(self.colleague, self.name_of(self.document))
        message = self.document.message_post(body="Hello")
        self.be_online(self.colleague)
        values = {message.id: {"mail.message": [{"id": message.id}]}}
        self.env["mail.tracking.email"]._push(values)
        self.trigger_notification_dispatching([(self.document, "mail_tracking")])
        (heard,) = json.loads(websocket.recv())
        self.assertEqual(heard["message"]["payload"], values[message.id])
