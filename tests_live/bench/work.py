"""What is done on both sides: sending, the chatter, lists, a page."""

import itertools
import re
import time
from email import message_from_string, policy

from ..case import POST

POSTS = (10, 100, 500)
PIXEL = re.compile(r"/mail/tracking/open/\w+\.gif")
MAIL_STATE = ("mail_tracking_state", "mail_tracking_summary")


class Work:
    """All that is measured on one side."""

    def __init__(self, side, smtp):
        """Look up and make what the work needs.

        :param Side side: which side
        :param smtp: the mail server that both sides share
        """
        self.side = side
        self.smtp = smtp
        contacts = [("name", "like", "Bench ")]
        self.contacts = side.user("res.partner", "search", contacts, limit=max(POSTS))
        # Of few contacts there may be too few.
        more = range(max(POSTS) - len(self.contacts))
        self.contacts += side.user("res.partner", "create", [*map(_contact, more)])
        # Posts that are measured go to the first one, or the chatter would show them.
        self.document, self.thread = (
            side.user("res.partner", "create", {"name": name})
            for name in ("Document", "Thread")
        )
        # Odoo sends its queue by this job: as superuser, and noting how far it is.
        job = ("mail", "ir_cron_mail_scheduler_action")
        _model, self.job = side.user("ir.model.data", "check_object_reference", *job)
        for number in range(30):
            self._post(self.contacts[number : number + 10], self.thread)

    def names(self):
        """Return what both sides do.

        :return: dict from name to function, how often a block calls it, and how many
            blocks a round has: small ones, since the processor's speed changes
        """
        return {
            **{
                f"post to {count} recipients": (
                    lambda count=count: self._checked(
                        count, lambda: self._post(self.contacts[:count], self.document)
                    ),
                    *(1, blocks),
                )
                for count, blocks in zip(POSTS, (8, 4, 3), strict=True)
            },
            "50 emails through the queue": (
                lambda: self._checked(50, self._queue),
                *(1, 4),
            ),
            "chatter, 30 messages of 10 recipients": (self._chatter, 2, 10),
            "list of 80 contacts": (self._list, 5, 10),
            "page load": (self._load, 5, 10),
        }

    def names_of_tracked(self):
        """Return what stands beside something of the plain side."""
        return {
            "list of 80 contacts": ("the same with Mail State", self._list_of_states)
        }

    def _post(self, partner_ids, document):
        post = {**POST, "partner_ids": partner_ids}
        self.side.user("res.partner", "message_post", [document], **post)

    def _queue(self):
        mails = [
            {"subject": "S", "body_html": "<p>B</p>", "recipient_ids": [(4, partner)]}
            for partner in self.contacts[:50]
        ]
        self.side.user("mail.mail", "create", mails)
        self.side.call("ir.cron", "method_direct_trigger", [self.job])

    def _checked(self, count, send):
        """Send, and see that everybody got a mail, if tracked with its own pixel."""
        self.smtp.messages.clear()
        send()
        deadline = time.monotonic() + 30
        while len(self.smtp.messages) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        pixels = [PIXEL.findall(_html(text)) for _to, text in self.smtp.messages]
        each = int(self.side.tracked)
        numbers = (len(pixels), {*map(len, pixels)}, len({*itertools.chain(*pixels)}))
        if numbers != (count, {each}, count * each):
            raise SystemExit(f"{count} mails, each with its own pixel: not {numbers}")

    def _chatter(self):
        self.side.json(
            "/mail/thread/messages",
            thread_model="res.partner",
            thread_id=self.thread,
            fetch_params={"limit": 30},
        )

    def _list(self, *names):
        specification = {name: {} for name in ("name", "email", *names)}
        self.side.call(
            "res.partner",
            "web_search_read",
            [("name", "like", "Bench")],
            specification,
            limit=80,
            count_limit=10_001,
        )

    def _list_of_states(self):
        self._list(*MAIL_STATE)

    def _load(self):
        self.side.json("/mail/data", fetch_params=["init_messaging"])


def _contact(number):
    return {"name": f"More {number}", "email": f"more{number}@example.com"}


def _html(text):
    message = message_from_string(text, policy=policy.default)
    return message.get_body(("html",)).get_content()
