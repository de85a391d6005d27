from odoo.tests import tagged

from ..helpers.auto_retry_case import GREYLISTED, REFUSED, AutoRetryCase

A, B, C = (f"{name}@example.com" for name in "abc")


@tagged("post_install", "-at_install")
class TestAddressesChanged(AutoRetryCase):
    """A contact's addresses change while one of them is still tried again."""

    def check(self, later, email, copies, state, **refused):
        """Greylist one of two addresses, change the contact, and run the queue.

        :param str later: the address that is greylisted
        :param str email: the addresses of the contact when it is tried again
        :param dict copies: address to the number of messages that it has got
        """
        with self.subTest(later=later, email=email):
            self.smtp.messages.clear()
            self.smtp.refused = {later: GREYLISTED, **refused}
            with self.committed() as env:
                self.partners[0].with_env(env).email = f"{A}, {B}"
            (tracking_id,) = self.post()
            self.smtp.refused.pop(later)
            with self.committed() as env:
                self.partners[0].with_env(env).email = email
            for minutes in (6, 31):
                self.run_queue(minutes=minutes)
            self.assertEqual(self.copies(), copies)
            self.assertEqual(self.values_of(tracking_id)[0], state)
            return tracking_id

    def addresses(self, tracking_id):
        with self.committed() as env:
            return set(self.tracking(env, tracking_id)._addresses())

    def test_the_one_that_waited_is_gone(self):
        """Who has got the mail does not get it a second time."""
        self.check(A, B, {B: 1}, "sent")
        self.check(B, A, {A: 1}, "sent")

    def test_the_mail_of_others_goes_on(self):
        self.smtp.refused = {A: GREYLISTED, "p1@example.com": GREYLISTED}
        with self.committed() as env:
            self.partners[0].with_env(env).email = f"{A}, {B}"
        first_id, second_id = self.post(2)
        with self.committed() as env:
            self.partners[0].with_env(env).email = B
        self.smtp.refused.clear()
        for minutes in (6, 31):
            self.run_queue(minutes=minutes)
        self.assertEqual(self.copies(), {B: 1, "p1@example.com": 1})
        self.assertEqual(self.values_of(first_id)[0], "sent")
        self.assertEqual(self.values_of(second_id)[0], "sent")

    def test_the_one_that_waited_is_corrected(self):
        tracking_id = self.check(A, f"{C}, {B}", {B: 1, C: 1}, "sent")
        self.assertEqual(self.addresses(tracking_id), {A, B, C})
        self.check(A, C, {B: 1, C: 1}, "sent")
        self.check(A, f"{B}, {C}", {B: 1, C: 1}, "sent")
        self.check(B, f"{A}, {C}", {A: 1, C: 1}, "sent")

    def test_another_one_is_corrected(self):
        tracking_id = self.check(B, f"{C}, {B}", {A: 1, B: 1, C: 1}, "sent")
        self.assertEqual(self.addresses(tracking_id), {A, B, C})

    def test_order_is_changed(self):
        for later in (A, B):
            tracking_id = self.check(later, f"{B}, {A}", {A: 1, B: 1}, "sent")
            self.assertEqual(self.addresses(tracking_id), {A, B})

    def test_only_a_refused_one_is_left(self):
        self.check(A, B, {}, "error", **{B: REFUSED})

    def retry_by_hand(self, refused, email):
        """Refuse one of two addresses, change the contact, and retry.

        :return: tuple (copies of each address, state, obstacles told to the user)
        """
        self.smtp.messages.clear()
        self.smtp.refused = {refused: REFUSED}
        with self.committed() as env:
            self.partners[0].with_env(env).email = f"{A}, {B}"
        (tracking_id,) = self.post()
        self.smtp.refused.clear()
        with self.committed() as env:
            self.partners[0].with_env(env).email = email
            _retried, obstacles = self.tracking(env, tracking_id)._retry()
            texts = list(obstacles.values())
        return self.copies(), self.values_of(tracking_id)[0], texts

    def test_retry_by_hand_goes_to_the_corrected_one(self):
        for refused, email, copies in (
            (B, f"{C}, {A}", {A: 1, C: 1}),
            (B, f"{A}, {C}", {A: 1, C: 1}),
            (A, f"{B}, {A}", {A: 1, B: 1}),
            (A, f"{B}, {C}", {B: 1, C: 1}),
            (A, f"{C}, {B}", {B: 1, C: 1}),
            (A, C, {B: 1, C: 1}),
        ):
            with self.subTest(refused=refused, email=email):
                expected = (copies, "sent", [])
                self.assertEqual(self.retry_by_hand(refused, email), expected)

    def test_retry_by_hand_with_nobody_left(self):
        """All the addresses that the contact still has have got the email."""
        for refused, left in ((A, B), (B, A)):
            with self.subTest(refused=refused):
                copies, state, texts = self.retry_by_hand(refused, left)
                self.assertEqual((copies, state), ({left: 1}, "error"))
                self.assertEqual(len(texts), 1)
                self.assertIn(left, texts[0])
