from .case import POST
from .screen_case import ScreenCase

LONG_NAME = "Maximiliane Featherstonehaugh of Northumberland"
LONG_SUBJECT = "Quotation S00042 for the renovation of the second floor, with drawings"
REFUSAL = "550 5.7.1 This message was refused by a rule of the recipient's organization"


class TestLists(ScreenCase):
    """Nothing that stands in a list of ours is cut, on usual screens."""

    def test_columns(self):
        """Whatever is shown without being asked for reads whole."""
        address = self.new_address()
        self.smtp.refused[address] = REFUSAL
        self.addCleanup(self.smtp.refused.pop, address)
        self.server.expected = [*self.server.expected, address]
        contact = self.new_partner(self.a, address)
        values = {"name": LONG_NAME, "mail_tracking_consent": "refused"}
        self.a("res.partner", "write", [contact], values)
        post = {**POST, "partner_ids": [contact], "subject": LONG_SUBJECT}
        self.a("res.partner", "message_post", [contact], **post)
        self.receive_webhook()
        address = [("recipient_address", "=", address)]
        (tracking,) = self.a("mail.tracking.email", "search", address)
        seen = self.look("lists.mjs", tracking=tracking)
        self.assertEqual(len(seen), 18)
        for screen, found in seen.items():
            with self.subTest(screen):
                self.assertTrue(found["rows"])
                self.assertEqual(found["cut"], [])
