"""A browser's connection to the bus, as the web client has one."""

import json
import time

import websocket


class Listener:
    """Listens to what is sent to a user."""

    def __init__(self, url, browser, channels=()):
        """Connect, be online, and listen.

        :param str url: address of the server
        :param browser: session of `requests` that is logged in
        :param channels: names of channels to ask for
        """
        self._socket = websocket.create_connection(
            f"{url.replace('http', 'ws', 1)}/websocket",
            origin=url,
            cookie=f"session_id={browser.cookies['session_id']}",
            timeout=10,
        )
        self.subscribe(channels)
        self._send("update_presence", {"inactivity_period": 0})

    def subscribe(self, channels):
        """Ask for other channels than before."""
        self._send("subscribe", {"channels": list(channels), "last": 0})

    def _send(self, event_name, data):
        self._socket.send(json.dumps({"event_name": event_name, "data": data}))

    def wait_for(self, condition, seconds):
        """Return the payload of the first record that a condition holds for.

        :param condition: function that takes the payload of `mail.record/insert`
        :param float seconds: how long to wait for it at most
        :return: the payload, None when it did not come
        """
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                notifications = json.loads(self._socket.recv())
            except websocket.WebSocketTimeoutException:
                break
            for notification in notifications:
                kind, payload = _parts(notification)
                if kind == "mail.record/insert" and condition(payload):
                    return payload
        return None

    def close(self):
        """Leave, as a browser does that is closed."""
        self._socket.close()


def _parts(notification):
    return notification["message"]["type"], notification["message"]["payload"]
