"""Hear what the SMTP server answers to one message."""

from ..providers.smtp_answer import text_of


class SmtpListener:
    """A session of `smtplib` that remembers what became of the message it sends.

    It stands in for the session for one call and hands everything else on, so that
    sessions are reused as before and core's test sessions work too.
    """

    def __init__(self, session, record):
        """
        :param session: what `ir.mail_server._connect__` has opened
        :param record: called once with the arguments of an `Outcome`
        """
        self._session = session
        self._record = record

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, message, smtp_from, smtp_to_list, *args, **kwargs):
        """Send as the session does; `smtplib` returns the refused recipients."""
        replies = []
        try:
            with _RepliesToData(self._session, replies):
                refused = self._session.send_message(
                    message, smtp_from, smtp_to_list, *args, **kwargs
                )
        except Exception as error:
            self._record(recipients=smtp_to_list, error=error)
            raise
        self._record(
            recipients=smtp_to_list,
            refused=refused if isinstance(refused, dict) else None,
            reply=replies[-1] if replies else "",
        )
        return refused


class _RepliesToData:
    """Collect the replies to DATA, which `smtplib` drops, while the block runs."""

    def __init__(self, session, replies):
        self._session = session
        self._replies = replies

    def __enter__(self):
        # Core's test sessions are no `smtplib.SMTP`: they have no such method.
        data = getattr(type(self._session), "data", None)
        self._listens = callable(data)
        if self._listens:

            def listen(message):
                code, text = data(self._session, message)
                self._replies.append(f"{code} {text_of(text)}")
                return code, text

            self._session.data = listen

    def __exit__(self, *_exception):
        if self._listens:
            del self._session.data
