from odoo.http import request

from odoo.addons.mail.controllers.webclient import WebclientController

from ..models.chatter.mail_message import WITHOUT_TRACKING


class PageLoadController(WebclientController):
    """Leave unused data out of what the web client loads with each page."""

    @classmethod
    def _process_request_for_logged_in_user(cls, store, name, params):
        """Leave the trackings out of core's list of failures.

        The menu shows the failures in core's words, and a chatter fetches its messages
        again when it opens.
        """
        if name != "failures":
            return super()._process_request_for_logged_in_user(store, name, params)
        context = request.env.context
        # The messages are found and stored by one method, which takes no argument.
        request.update_context(**{WITHOUT_TRACKING: True})
        try:
            return super()._process_request_for_logged_in_user(store, name, params)
        finally:
            request.update_env(context=context)
