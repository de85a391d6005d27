from odoo.tests import tagged

from ..helpers.committed_case import CommittedCase
from ..helpers.scenario_case import FAULTS, PLACES, REFUSED, SECOND, ScenarioCase


@tagged("post_install", "-at_install")
class TestScenarios(ScenarioCase, CommittedCase):
    """Every kind of failure, at every recipient, for every way of sending.

    What rows and core's notifications say at once, after the jobs and after three
    clicks on Retry within one dialogue with the server is what the server's mailbox
    says, and everybody has the mail once in the end. Only a connection that is lost
    after the final dot gives a second copy, to whoever asks for it.
    """

    # === WHAT HOLDS ===#
    def assertTrue_to_mailbox(self, lost):
        """Check that all rows agree with the mailboxes.

        :param set lost: addresses of which the server had taken the mail unheard
        """
        with self.committed() as env:
            for row in self.rows(env):
                sent = {
                    event.recipient or row.recipient_address
                    for event in row.tracking_event_ids
                    if event.event_type == "sent"
                }
                for address in row._addresses():
                    copies = self.smtp.copies(address)
                    self.assertEqual(copies, int(address in sent) + (address in lost))
                if row.state == "waiting":
                    self.assertTrue(row._waiting_mail_sudo(), "waits for ever")
                statuses = row._get_notifications().mapped("notification_status")
                for status in statuses:
                    self.assertEqual(status == "exception", row.is_failed, status)

    def assertOnly_victim_failed(self, name, again):
        """Check that nobody has failed but those whom the fault is about.

        :param bool again: whether these are sent the mail again by themselves
        """
        attribute, value, _temporary = FAULTS[name]
        with self.committed() as env:
            for row in self.rows(env):
                # Raw addresses share one SMTP message.
                is_shared = attribute == "drops" and not row.partner_id
                is_hit = is_shared or name == REFUSED
                is_hit = is_hit or self.victim in row._addresses()
                said = (row.recipient_address, row.state, row.error_description)
                self.assertEqual(row.is_failed, is_hit and not again, said)
                if row.is_failed and attribute == "refused":
                    self.assertIn(value[:9], row.error_description)
                elif row.is_failed and attribute == "drops":
                    self.assertEqual(row.error_type, "connection_lost")

    def assertEverybody_once(self, lost):
        """Check that everybody has the mail once, but for lost answers, and says so."""
        with self.committed() as env:
            rows = self.rows(env)
            self.assertEqual(set(rows.mapped("state")), {"sent"})
            self.assertEqual(len(rows), len({row._recipient_key() for row in rows}))
            addresses = sum((row._addresses() for row in rows), [])
        self.assertLessEqual(set(self.addresses), set(addresses))
        self.assertEqual(SECOND in addresses, self.victim == SECOND)
        self.assertEqual(
            {address: self.smtp.copies(address) for address in addresses},
            {address: 1 + (address in lost) for address in addresses},
        )

    # === CASES ===#
    def run_all(self, send, is_waiting_anew=()):
        """Run every fault at every place.

        :param send: sends one mail, or several, to all addresses
        :param is_waiting_anew: faults after which core sends the mail again
        """
        done = 0
        for name in FAULTS:
            for place in PLACES:
                with self.subTest(fault=name, place=place):
                    self.check_one(send, name, place, name in is_waiting_anew)
                    done += 1
                self.tidy_up()
        self.assertEqual(done, 30)

    def check_one(self, send, name, place, is_waiting_anew):
        _attribute, _value, temporary = FAULTS[name]
        lost = self.send_to_all(send, name, place)
        again = temporary or is_waiting_anew
        for go_on in (self.run_jobs, self.run_due_queue):
            self.assertTrue_to_mailbox(lost)
            self.assertOnly_victim_failed(name, again)
            go_on()
        self.assertTrue_to_mailbox(lost)
        for go_on in (self.click_three_times, self.run_due_queue):
            go_on()
            self.assertTrue_to_mailbox(lost)
            self.assertEverybody_once(lost)

    def test_queue(self):
        self.run_all(self.by_queue)

    def test_at_once(self):
        # The transaction is rolled back, and the mail in the queue again.
        drops = [name for name, (kind, *_rest) in FAULTS.items() if kind == "drops"]
        self.run_all(self.at_once, drops)

    def test_raw_addresses(self):
        self.run_all(self.by_raw_addresses)

    def test_several_addresses(self):
        self.run_all(self.by_several_addresses)

    def test_mass_mode(self):
        self.run_all(self.in_mass_mode)

    def test_personal_server(self):
        self.use_personal_server()
        self.run_all(self.by_personal_server)


@tagged("post_install", "-at_install")
class TestScenariosByHand(TestScenarios):
    """The same where nothing is tried again by itself: all is left to the clicks."""

    allow_inherited_tests_method = True

    def setUp(self):
        super().setUp()
        self.set_parameter("retry_hours", "0")
        self.set_parameter("retry_not_tried", "False")

    def check_one(self, send, name, place, is_waiting_anew):
        lost = self.send_to_all(send, name, place)
        for go_on in (self.run_jobs, self.click_three_times):
            self.assertTrue_to_mailbox(lost)
            with self.committed() as env:
                failed = bool(self.rows(env).filtered("is_failed"))
            self.assertEqual(failed, not is_waiting_anew)
            go_on()
        self.assertTrue_to_mailbox(lost)
        self.run_due_queue()
        self.assertTrue_to_mailbox(lost)
        self.assertEverybody_once(lost)


@tagged("post_install", "-at_install")
class TestScenariosOfSplitMails(TestScenarios):
    """A personal server may send to two a minute: the third waits in a mail of its own.

    The server fails as long as only the first two are sent to.
    """

    def check_one(self, send, name, place, is_waiting_anew):
        self.next_minute()
        lost = self.send_to_all(send, name, place)
        for go_on in (self.run_jobs, self.go_on, self.click_three_times, self.go_on):
            self.assertTrue_to_mailbox(lost)
            go_on()
        self.assertTrue_to_mailbox(lost)
        self.assertEverybody_once(lost)

    def go_on(self):
        for _minute in range(3):
            self.next_minute()
            self.run_due_queue()

    def next_minute(self):
        with self.committed() as env:
            self.personal.with_env(env).owner_limit_time = False

    def test_personal_server(self):
        self.use_personal_server("2")
        self.run_all(self.by_personal_server)
