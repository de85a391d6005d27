import json
from pathlib import Path

from odoo.tests import HttpCase, tagged

from ..helpers.tracking_case import TrackingCase
from .pseudo_language import LANGUAGE, pseudo_language

SCRIPT = Path(__file__).parent / "foreign_words.js"
MODULE = "mail_activity_tracking"
PREFIX = ".o-mail_activity_tracking-"
LIST = ".o_list_table"
FORM = ".o_form_view .o_content"
DIALOG = ".modal .o_form_view"
TAB = ".o_notebook_content:has([name='dsn_request'])"
SEARCH = ".o_search_bar_menu"
TURN = "\u202e"  # what follows is written from right to left
# Names of servers, companies and models, and subjects and answers that are data.
DATA = [
    "250 2.0.0 Ok: queued as TEST",
    "Contact",
    "SMTP",
    "Security Update: Email Changed",
    "Test server",
    "YourCompany",
    "YourTestCompany",
]


def window(model, view, record_id=False, **values):
    """Return the action that shows a view of a model."""
    return {
        "type": "ir.actions.act_window",
        "res_model": model,
        "res_id": record_id,
        "views": [[False, view]],
        **values,
    }


@tagged("post_install", "-at_install")
class TestForeignWords(TrackingCase, HttpCase):
    """Each text of ours on screen is translated where the language has it.

    And no name turns it around: those of both recipients hold a mark that does.
    """

    def setUp(self):
        super().setUp()
        self.Tracking.search([]).unlink()  # of the demo data, in its own words
        self.alice.name, self.bob.name = f"Άλις {TURN}", f"Βασίλης {TURN}"
        self.document.name = "Έγγραφο"
        self.smtp.refused["bob@example.com"] = "550 5.1.1 ; ; ;"
        admin = self.env.ref("base.user_admin")
        admin.write({"email": "admin@example.com", "name": "Χ"})
        self.document = self.document.with_user(admin)
        self.message = self.post(self.alice + self.bob, subject="Θέμα")
        self.failure = self.Tracking.search([("partner_id", "=", self.bob.id)])

    def test_screens(self):
        with pseudo_language(self.env):
            self.env.ref("base.user_admin").lang = LANGUAGE
            screens = [*self.of_employees(), *self.of_administrators()]
            script = f"const SCREENS = {json.dumps(screens)};\n"
            script += f"const DATA = {json.dumps(DATA)};\n{SCRIPT.read_text()}"
            ready = "!!odoo.__WOWL_DEBUG__?.root.env.services.action"
            self.browser_js("/odoo", script, ready, login="admin", timeout=240)

    def of_employees(self):
        """Return the screens that all users see."""
        chatter = window("res.partner", "form", self.document.id)
        contact = window("res.partner", "form", self.bob.id)
        icon = f"{PREFIX}Recipient:has([data-mail-tracking-status='%s'])"
        mailbox = {
            "type": "ir.actions.client",
            "tag": "mail.action_discuss",
            "params": {"active_id": "mail.box_failed"},
        }
        for name, action, clicks, region in (
            ("chatter", chatter, [], f"{PREFIX}MessageRecipients"),
            ("failures", chatter, [], f"{PREFIX}FailedSection"),
            ("failed", chatter, [icon % "error"], f"{PREFIX}TrackingTimeline"),
            ("sent", chatter, [icon % "sent"], f"{PREFIX}TrackingTimeline"),
            ("mailbox", mailbox, [], f".o-mail-Message {PREFIX}TrackingFailure"),
            ("contact", contact, [], "[name='action_open_mail_trackings']"),
        ):
            yield {"name": name, "action": action, "clicks": clicks, "region": region}

    def of_administrators(self):
        """Return the screens that administrators see."""
        event = self.failure.tracking_event_ids[-1:]
        server = window("ir.mail_server", "form", self.mail_server.id)
        tab = [".o_notebook a[name='tracking']"]
        settings = window(
            "res.config.settings", "form", context={"module": "general_settings"}
        )
        block = ".o_settings_container:has([id^='mail_tracking_'])"
        for name, action, clicks, region in (
            ("settings", settings, [], block),
            (
                "tracking",
                window("mail.tracking.email", "form", self.failure.id),
                [],
                FORM,
            ),
            ("event", window("mail.tracking.event", "form", event.id), [], FORM),
            ("server", server, tab, TAB),
        ):
            yield {"name": name, "action": action, "clicks": clicks, "region": region}
        opened = [".o_searchview_dropdown_toggler"]
        for name, kind, clicks, region in (
            ("email", "list", [], LIST),
            ("email", "list", opened, SEARCH),
            ("email", "pivot", [], ".o_pivot table"),
            ("event", "list", [], LIST),
            ("event", "list", opened, SEARCH),
            ("statistics", "pivot", [], ".o_pivot table"),
            ("statistics", "list", [], LIST),
            ("statistics", "list", opened, SEARCH),
            ("webhook", "list", [], ".o_view_nocontent"),
            ("check", "list", [], LIST),
            ("provider", "list", [], LIST),
            ("provider", "list", [f"{LIST} .o_data_cell"], FORM),
            ("consent", "list", [], ".o_view_nocontent"),
            ("test_mail", "form", [], DIALOG),
            ("personal", "form", [], DIALOG),
        ):
            yield {
                "name": f"{name} {kind} {region}",
                "action": f"{MODULE}.mail_tracking_{name}_action",
                "options": {"viewType": kind},
                "clicks": clicks,
                "region": region,
            }
