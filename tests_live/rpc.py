"""A user of one database, by XML-RPC and by the routes of the web client."""

import xmlrpc.client

import requests

ADMIN = ("admin", "admin")


class User:
    """Somebody who has logged in by XML-RPC."""

    def __init__(self, url, database, login=ADMIN):
        """Log in.

        :param str url: address of the server
        :param tuple login: login and password
        """
        self._url = url
        self.database = database
        self.login = self._login, self._password = login
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.id = common.authenticate(database, *login, {})
        self._models = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )

    def __call__(self, model, method, *arguments, **keywords):
        """Call a method of a model and return what it returns."""
        return self._models.execute_kw(
            self.database, self.id, self._password, model, method, arguments, keywords
        )

    def browser(self):
        """Return a session of `requests` that is logged in as the web client is."""
        session = requests.Session()
        call_json(
            session,
            f"{self._url}/web/session/authenticate",
            db=self.database,
            login=self._login,
            password=self._password,
        )
        return session


def call_json(session, url, **parameters):
    """Call a JSON-RPC route and return the result, None when there is none."""
    answer = session.post(url, json={"params": parameters}, timeout=30).json()
    if "error" in answer:
        raise AssertionError(answer["error"])
    return answer.get("result")
