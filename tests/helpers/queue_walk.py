"""Further steps of `test_history_walk`: queues, failing servers, retries."""

from collections import Counter
from contextlib import contextmanager
from email import message_from_string

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from .history_walk import HistoryWalk, numbers
from .smtp_server import sending

# What the server does to one recipient: the attribute of `SmtpServer` and its value.
FAULTS = {
    "421 at RCPT": ("refused", "421 4.7.0 Try later"),
    "451 at RCPT": ("refused", "451 4.7.1 Greylisted"),
    "550 at RCPT": ("refused", "550 5.1.1 Unknown"),
    "451 after the dot": ("answers", "451 4.3.0 Try later"),
    "554 after the dot": ("answers", "554 5.7.1 Spam"),
    "drop at RCPT": ("drops", "rcpt"),
    "drop at DATA": ("drops", "data"),
    "drop after the dot": ("drops", "dot"),
}
NO_SERVER = "no server"
# What other servers and people say of mails that have left us.
REPORTS = (
    *("delivered", "deferral", "reject", "soft_bounce", "hard_bounce"),
    *("reply", "click", "unsub", "spam", "other"),
)
# With one of these somebody may want the mail once more.
LOST = ("reject", "soft_bounce", "hard_bounce")


class QueueWalk(HistoryWalk):
    """Mails that are queued, sent by a failing server, and sent again."""

    def __init__(self, case):
        super().__init__(case)
        self.address_of_event = {}  # of `sent` events: what was sent to then
        self.may_have = Counter()  # (Message-Id, address) that a lost answer was about
        case.smtp.messages.clear()

    @property
    def waiting_mails(self):
        domain = [("mail_message_id", "in", self.messages.ids)]
        return self.env["mail.mail"].search([*domain, ("state", "=", "outgoing")])

    # === WHAT HAPPENS ===#
    @rule(number=numbers)
    def post_to_the_queue(self, number):
        case, context = self.case, {"mail_notify_force_send": False}
        document, case.document = case.document, case.document.with_context(**context)
        self.post(number)
        case.document = document

    @rule(number=numbers)
    def second_address(self, number):
        contact = self.any_of(self.contacts, number)
        contact.email = f"new{number}@example.com, second{number}@example.com"

    @precondition(lambda self: self.trackings)
    @rule(number=numbers, kind=st.sampled_from(REPORTS), place=numbers)
    def event(self, number, kind, place):
        tracking = self.any_of(self.trackings, number)
        sent = tracking.tracking_event_ids.filtered(lambda e: e.event_type == "sent")
        if sent:
            named = self.any_of(tracking._addresses(), place)
            attempt = self.any_of(sent.mapped("attempt"), place)
            values = {"event_type": kind, "source": "x", "attempt": attempt}
            tracking._add_events({**values, "recipient": named})
            tracking._update_state()

    @precondition(lambda self: self.waiting_mails)
    @rule(
        number=numbers, place=numbers, name=st.sampled_from([*FAULTS, NO_SERVER, None])
    )
    def run_queue(self, number, place, name):
        waiting = self.trackings.filtered(lambda t: t.mail_id in self.waiting_mails.ids)
        victim = ""
        if waiting:
            partner = self.any_of(waiting, number).partner_id
            victim = self.any_of((partner.email or "x").split(", "), place)
        with self.fault(name, victim), sending():
            self.env["mail.mail"].process_email_queue(self.waiting_mails.ids)

    @rule()
    def job(self):
        """Begin the next attempts, as after a commit."""
        self.trackings._try_again()

    @rule()
    def time_passes(self):
        self.waiting_mails.scheduled_date = False

    @precondition(lambda self: self.trackings)
    @rule(number=numbers)
    def cancel(self, number):
        self.any_of(self.trackings, number)._cancel()

    @precondition(lambda self: self.waiting_mails)
    @rule(number=numbers, is_deleted=st.booleans())
    def stop_by_hand(self, number, is_deleted):
        """Cancel or delete a mail under Technical > Emails."""
        mail = self.any_of(self.waiting_mails, number)
        if is_deleted:
            mail.unlink()
        else:
            mail.cancel()

    @precondition(lambda self: self.messages)
    @rule(number=numbers)
    def remove_from_chatter(self, number):
        message = self.any_of(self.messages, number)
        self.document._message_update_content(message, body="", attachment_ids=[])

    @precondition(lambda self: self.trackings)
    @rule(number=numbers)
    def send_now(self, number):
        with sending():
            self.any_of(self.trackings, number)._send_now()

    @precondition(lambda self: self.messages)
    @rule()
    def send_everything_without_a_server(self):
        """Core calls all of it failed, also what was sent or canceled."""
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", self.messages.ids)]
        )
        with self.fault(NO_SERVER, ""), sending():
            mails.send()

    @contextmanager
    def fault(self, name, victim):
        smtp, server = self.case.smtp, self.case.mail_server
        before = len(smtp.messages)
        if name in FAULTS:
            attribute, value = FAULTS[name]
            getattr(smtp, attribute)[victim] = value
        server.smtp_port = 9 if name == NO_SERVER else smtp.port
        try:
            yield
        finally:
            for attribute in ("refused", "answers", "drops"):
                getattr(smtp, attribute).clear()
        server.smtp_port = smtp.port
        if name == "drop after the dot":
            for recipients, text in smtp.messages[before:]:
                if victim in recipients:
                    self.may_have.update(self.keys(recipients, text))

    def keys(self, recipients, text):
        message_id = message_from_string(text)["Message-Id"]
        return [(message_id, address) for address in recipients]

    def sent_to(self, event):
        """Return the address to which a mail was sent, whatever the row has now."""
        own = event.tracking_email_id.recipient_address
        return self.address_of_event.setdefault(event.id, event.recipient or own)

    # === WHAT HOLDS ===#
    @invariant()
    def rows_say_what_the_mailbox_says(self):
        copies = Counter()
        for recipients, text in self.case.smtp.messages:
            copies.update(self.keys(recipients, text))
        sent = Counter()
        for tracking in self.trackings:
            for event in tracking.tracking_event_ids:
                if event.event_type == "sent":
                    sent[tracking.message_id, self.sent_to(event)] += 1
        ids = set(self.messages.mapped("message_id"))
        got = copies - self.may_have
        self.case.assertEqual({k: n for k, n in got.items() if k[0] in ids}, dict(sent))

    @invariant()
    def nobody_gets_a_second_copy_unasked(self):
        for tracking in self.trackings:
            events = tracking.tracking_event_ids
            sent = events.filtered(lambda e: e.event_type == "sent")
            lost = events.filtered(lambda e: e.event_type in LOST)
            copies = Counter(map(self.sent_to, sent))
            most = max(copies.values(), default=0)
            self.case.assertLessEqual(most, 1 + len(lost), tracking)

    @invariant()
    def who_waits_is_in_the_queue(self):
        mails = self.waiting_mails
        for tracking in self.trackings.filtered(lambda t: t.state == "waiting"):
            mail = mails.filtered(lambda mail, t=tracking: mail.id == t.mail_id)
            self.case.assertIn(tracking.partner_id, mail.recipient_ids)
        shown = self.trackings.filtered(lambda t: not t.outranked)
        for tracking in shown:
            notification = tracking._get_notifications()
            status = set(notification.mapped("notification_status"))
            said = (tracking.read(), notification.read())
            if tracking.state == "waiting":
                self.case.assertFalse(status & {"exception", "bounce"}, said)
            elif tracking.state == "error" and not tracking.reviewed:
                self.case.assertTrue(status & {"exception", "bounce"}, said)
