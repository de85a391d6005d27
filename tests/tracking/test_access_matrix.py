"""Every model, field, public method and route against nine kinds of user.

What there is comes from the registry, what is expected from `access_table`. What has no
row there fails by its name, with the line to add.
"""

from unittest.mock import patch

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...tools import fetch
from ...tools.consent import CHOICES, ORIGINS
from ..helpers.smtp_server import sending
from ..helpers.tracking_case import TrackingCase
from . import access_table as table

OURS = "odoo.addons.mail_activity_tracking."
ADDON = "mail_activity_tracking"
AUTOMATIC = {"id", "display_name", "create_uid", "create_date"}
AUTOMATIC |= {"write_uid", "write_date"}
OPERATIONS = ("read", "write", "create", "unlink")
GROUPS = {
    table.EMPLOYEE: "base.group_user",
    table.POSTER: "base.group_user,base.group_partner_manager",
    table.AUTHOR: "base.group_user,base.group_partner_manager",
    table.OTHER: "base.group_user,base.group_partner_manager",
    table.MANAGER: "base.group_erp_manager,base.group_partner_manager",
    table.ADMIN: "base.group_system,base.group_partner_manager",
    table.PORTAL: "base.group_portal",
    table.RECIPIENT: "base.group_portal",
}


class AccessMatrixCase(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Other"})
        cls.of_kind = {table.PUBLIC: cls.env.ref("base.public_user")}
        for kind, groups in GROUPS.items():
            login = f"matrix-{kind.replace(' ', '-')}"
            values = {"email": f"{login}@example.com"}
            if kind == table.OTHER:
                values |= {"company_id": cls.company.id}
                values |= {"company_ids": [(6, 0, cls.company.ids)]}
            cls.of_kind[kind] = new_test_user(cls.env, login, groups, **values)

    def setUp(self):
        super().setUp()
        self.document.company_id = self.env.company
        recipient = self.of_kind[table.RECIPIENT].partner_id
        self.smtp.refused[recipient.email] = "550 5.1.1 No such user"
        self.document = self.document.with_user(self.of_kind[table.AUTHOR])
        self.message = self.post(recipient).with_env(self.env)
        self.tracking = self.trackings_of(self.message)
        self.assertEqual(self.tracking.state, "error")

    def assertListed(self, present, listed, line):
        """Check that a table has all that there is, and nothing else."""
        missing = sorted(set(present) - set(listed))
        self.assertFalse(
            missing,
            "no row in tests/tracking/access_table.py; add, with those who may:\n"
            + "\n".join(line.format(name) for name in missing),
        )
        gone = sorted(set(listed) - set(present))
        self.assertFalse(gone, "remove from tests/tracking/access_table.py")

    def assertLetIn(self, expected, is_let_in, name):
        """Check for each kind of user whether it is let in."""
        kinds = [kind for kind in table.USERS if is_let_in(self.of_kind[kind], kind)]
        self.assertEqual(kinds, [k for k in table.USERS if k in expected], name)

    def own_names(self, kind):
        """Return the ids of records that no other module defines.

        :param str kind: `ir.model` or `ir.model.fields`
        """
        domain = [("model", "=", kind), ("module", "=", ADDON)]
        data = self.env["ir.model.data"].search(domain)
        others = self.env["ir.model.data"].search(
            [
                ("model", "=", kind),
                ("module", "!=", ADDON),
                ("res_id", "in", data.mapped("res_id")),
            ]
        )
        ids = set(data.mapped("res_id")) - set(others.mapped("res_id"))
        return self.env[kind].browse(sorted(ids)).exists()


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrixCase):
    def test_models(self):
        models = self.own_names("ir.model")
        names = [m.model for m in models if not self.env[m.model]._abstract]
        row = '    "{}": (ADMINS, NOBODY, NOBODY, NOBODY),  # MODELS'
        self.assertListed(names, table.MODELS, row)
        for name, row in table.MODELS.items():
            for operation, expected in zip(OPERATIONS, row, strict=True):

                def is_let_in(user, _kind, name=name, operation=operation):
                    return self.env[name].with_user(user).has_access(operation)

                self.assertLetIn(expected, is_let_in, f"{operation} {name}")

    def test_fields(self):
        present, listed = set(), set()
        for field in self.own_names("ir.model.fields"):
            model = table.INHERITED.get(field.model, field.model)
            if field.name not in self.env[model]._fields:
                model = field.model
            name = f"{model}.{field.name}"
            if field.name not in AUTOMATIC | set(table.OF_THREADS.split()):
                present.add(name)
        for model, names in table.FIELDS.items():
            listed.update(f"{model}.{name}" for name in names.split())
        self.assertListed(present, listed, "    {}  # FIELDS: its name, to its model")
        for name in present:
            model, _dot, field = name.rpartition(".")
            expected = table.SECRETS.get(name, table.USERS)

            def is_let_in(user, _kind, model=model, field=field):
                records = self.env[model].with_user(user)
                return records._has_field_access(records._fields[field], "read")

            if name in table.SECRETS:
                self.assertLetIn(expected, is_let_in, name)
            elif model == "mail.tracking.email":
                self.assertTrue(is_let_in(self.of_kind[table.EMPLOYEE], None), name)

    def public_methods(self):
        """Return the methods that RPC may call and core does not have: model.name."""
        present = set()
        for name, model in self.registry.items():
            for parent in model.mro():
                if not parent.__module__.startswith(f"{OURS}"):
                    continue
                present.update(
                    f"{name}.{method}"
                    for method, function in vars(parent).items()
                    if callable(function)
                    and not method.startswith("_")
                    and not isinstance(function, type)
                    and not self.is_of_core(model, method)
                )
        thread = self.registry["mail.thread"]
        of_threads = {
            f"{name}.{method}"
            for name, model in self.registry.items()
            if name != "mail.thread" and issubclass(model, thread)
            for method in {m.removeprefix("mail.thread.") for m in present}
            if f"mail.thread.{method}" in present
        }
        inherited = tuple(f"{child}." for child in table.INHERITED)
        present -= of_threads
        return {name for name in present if not name.startswith(inherited)}

    def is_of_core(self, model, method):
        return any(
            method in vars(parent) and not parent.__module__.startswith(OURS)
            for parent in model.mro()
        )

    def test_methods(self):
        row = '    "{}": ADMINS,  # METHODS'
        self.assertListed(self.public_methods(), table.METHODS, row)
        self.enterContext(
            patch.object(fetch, "_load", lambda _url: fetch.Fetched(200, "", b""))
        )
        records = self.records()
        for name, expected in table.METHODS.items():
            model, _dot, method = name.rpartition(".")

            def is_let_in(user, _kind, record=records[model], method=method):
                return self.is_done(getattr(record.with_user(user), method))

            self.assertLetIn(expected, is_let_in, name)

    def records(self):
        """Return a record of each model that has public methods."""
        records = {
            "mail.tracking.email": self.tracking,
            "ir.mail_server": self.mail_server,
            "res.partner": self.document.with_env(self.env),
            "mail.thread": self.document.with_env(self.env),
            "mail.tracking.statistics": self.env["mail.tracking.statistics"].browse(
                self.tracking.id
            ),
        }
        self.mail_server.tracking_provider = "generic"
        values = {
            "mail.tracking.check": {
                "name": "x",
                "result": "ok",
                "page": "provider",
                "page_key": "generic",
            },
            "mail.tracking.consent": {
                "address": "a@example.com",
                "state": CHOICES[0][0],
                "origin": ORIGINS[0][0],
                "date": fields.Datetime.now(),
            },
            "res.config.settings": {},
            "mail.tracking.personal": {"address": "nobody@example.com"},
            "mail.tracking.provider": {"provider": "generic"},
            "mail.tracking.test.mail": {},
        }
        for model, vals in values.items():
            records[model] = self.env[model].create(vals)
        return records

    def is_done(self, function):
        """Call a method and roll back; return whether it was allowed."""
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint(), sending(), mute_logger("odoo.addons"):
                function()
                raise UserError("taken back")
        except AccessError:
            is_allowed = False
        except UserError:
            is_allowed = True
        self.env.invalidate_all(flush=False)
        return is_allowed


@tagged("post_install", "-at_install")
class TestRouteMatrix(AccessMatrixCase, HttpCase):
    def test_routes(self):
        present = {
            url: endpoint.routing["auth"]
            for url, endpoint in self.rules()
            if endpoint.func.__module__.startswith(OURS)
        }
        row = '    "{}": ("user", NOBODY),  # ROUTES'
        self.assertListed(present, table.ROUTES, row)
        self.assertEqual(present, {url: row[0] for url, row in table.ROUTES.items()})

    def rules(self):
        modules = sorted(self.registry._init_modules)
        return http._generate_routing_rules(modules, nodb_only=False)

    @mute_logger("odoo.http")
    def test_answers(self):
        page = {"thread_model": "res.partner", "thread_id": self.document.id}
        one = {"tracking_id": self.tracking.id}
        some = {"tracking_ids": self.tracking.ids}
        params = {
            "/mail/failed/messages": ({}, "messages"),
            "/mail/tracking/failures": (page, "count"),
            "/mail/tracking/retry": (some, "problems"),
            "/mail/tracking/retry_message": (
                {"message_id": self.message.id},
                "problems",
            ),
            "/mail/tracking/timeline": (one, "events"),
            "/mail/tracking/review": (some, "reviewed"),
            "/mail/tracking/review_all": ({}, "tracking_ids"),
            "/mail/tracking/send_now": (one, "result"),
            "/mail/tracking/cancel": (one, "result"),
        }
        routes = {
            url: table.ROUTES[url]
            for url, endpoint in self.rules()
            if url in table.ROUTES and endpoint.routing["type"] == "jsonrpc"
        }
        self.assertEqual(set(params), set(routes))
        for url, (values, key) in params.items():

            def is_let_in(user, kind, url=url, values=values, key=key):
                return self.is_answered(user, kind, url, values, key)

            self.assertLetIn(routes[url][1], is_let_in, url)

    def is_answered(self, user, kind, url, params, key):
        """Return whether a user gets, or changes, something by a route."""
        login = None if kind == table.PUBLIC else user.login
        self.authenticate(login, login)
        payload = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        answer = self.opener.post(self.base_url() + url, json=payload).json()
        result = answer.get("result") or {}
        self.tracking.invalidate_recordset()
        is_reviewed = self.tracking.reviewed
        self.tracking.write({"reviewed": False, "state": "error"})
        self.env.flush_all()
        if key == "reviewed":
            return is_reviewed
        if key == "problems":
            return bool(result.get("problems") or result.get("retried"))
        return bool(result.get(key))
