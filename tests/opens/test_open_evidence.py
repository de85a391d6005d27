from odoo.tests import BaseCase, tagged

from ...tools.open_evidence import (
    _possible_rules,
    classify,
    classify_agent,
    doubt,
    is_early,
    judge,
)
from ...tools.open_evidence_rules import STEPS
from ...tools.states import EVIDENCE, EVIDENCE_RULES

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/15E148"
)
ANDROID = f"Mozilla/5.0 (Linux; Android 13; {{}}) {WEBKIT} Chrome/120.0 Mobile"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com {})"

# Agent -> class and rule, by kind; each as it was seen or documented.
AGENTS = {
    "no agent": {"": ("machine", "no_agent"), "  ": ("machine", "no_agent")},
    "browsers and what they are built into": {
        CHROME: ("human", None),
        IPHONE: ("human", None),
        ANDROID.format("Pixel 7"): ("human", None),
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)": ("human", None),
        "Dalvik/2.1.0 (Linux; U; Android 8.1.0; SM-J327V)": ("human", None),
        "Spark/3.1 CFNetwork/1404.0.5 Darwin/22.3.0": ("human", None),
    },
    "telephones with a name like a machine's": {
        ANDROID.format("CUBOT_X19 Build/PPR1"): ("human", None),
        ANDROID.format("XBot"): ("human", None),
        ANDROID.format("LM-Q710(FGN) Spider"): ("human", None),
        f"{CHROME} Instagram 237.0 Android (28/9; 480dpi; CUBOT; X20)": ("human", None),
    },
    "mail programs": {
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)": ("human", "mail_program"),
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)": (
            "human",
            "mail_program",
        ),
        "Outlook-iOS/719.3623017.prod.iphone (4.20.0)": ("human", "mail_program"),
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.1": (
            "human",
            "mail_program",
        ),
        "Yahoo%20Mail/49268 CFNetwork/1121.2.2 Darwin/19.3.0": (
            "human",
            "mail_program",
        ),
        "The Bat! 4.0.0.22": ("human", "mail_program"),
        f"{CHROME} eM Client/9.2": ("human", "mail_program"),
        "DAVdroid/1.6.2-ose (2017/06/23; dav4android; okhttp3) Android/7.0": (
            "human",
            "mail_program",
        ),
        # A web address makes no machine of a mail program.
        "KMail/5.2 (https://kde.example/bot)": ("human", "mail_program"),
    },
    "proxies of a person": {
        GMAIL.format("GoogleImageProxy"): ("proxy", "image_proxy"),
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy.html": (
            "proxy",
            "image_proxy",
        ),
        f"{CHROME} FastmailUA/1.0": ("proxy", "image_proxy"),
        f"hey.com/imageproxy {CHROME}": ("proxy", "image_proxy"),
        "SeznamEmailProxy/2.1; +https://napoveda.seznam.cz": ("proxy", "image_proxy"),
        "RamblerMail/6.0 (incompatible; ImageProxy/6.0)": ("proxy", "image_proxy"),
        "Superhuman/3.1 (iOS 17.5.1) Alamofire/5.9 (via SuperhumanProxy; x@y)": (
            "proxy",
            "image_proxy",
        ),
        "Shortwave Image Fetcher": ("proxy", "image_proxy"),
    },
    "loaded in advance": {
        "Mozilla/5.0": ("machine", "apple_privacy"),
        f"{CHROME} Gmail-content-sampling": ("machine", "gmail_prefetch"),
    },
    "nothing tells": {
        "Mozilla/5.0 (compatible; YandexImageResizer/2.0)": (
            "suspect",
            "uncertain_proxy",
        ),
        "iOS/16.5.1 (20F75) dataaccessd/1.0": ("suspect", "uncertain_proxy"),
        "github-camo (c006e452)": ("suspect", "uncertain_proxy"),
        "Slack-ImgProxy (+https://api.slack.com/robots)": (
            "suspect",
            "uncertain_proxy",
        ),
    },
    "libraries": {
        "curl/8.5.0": ("machine", "library"),
        "Python/3.12 aiohttp/3.9": ("machine", "library"),
        "okhttp/4.12.0": ("machine", "library"),
        "Java/17.0.2": ("machine", "library"),
        "node-fetch/1.0": ("machine", "library"),
        "lua-resty-http/0.10 (Lua) ngx_lua/10019": ("machine", "library"),
        "Mozilla/5.0 (Windows NT 10.0) WindowsPowerShell/5.1": ("machine", "library"),
        # In the middle a library is what a program was made with.
        f"{CHROME} okhttp/4.12.0": ("human", None),
    },
    "scanners": {
        "Barracuda Sentinel (EE)": ("machine", "scanner"),
        "Microsoft Office Existence Discovery": ("machine", "scanner"),
        "Microsoft Exchange/15.20 (Windows NT 10.0; Win64; x64)": (
            "machine",
            "scanner",
        ),
        "Mimecast-Link-Protect": ("machine", "scanner"),
        "Office 365 Connectors": ("machine", "scanner"),
        "Valimail/1.0 (domain scanner)": ("machine", "scanner"),
    },
    "previews": {
        f"Mozilla/5.0 (Windows NT 6.1) {WEBKIT} BingPreview/1.0b": (
            "machine",
            "preview",
        ),
        "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5": (
            "machine",
            "preview",
        ),
        "facebookexternalhit/1.1": ("machine", "preview"),
        "WhatsApp/2.23.20.0 A": ("machine", "preview"),
        "Slackbot-LinkExpanding 1.0": ("machine", "preview"),
    },
    "monitors": {
        "Better Uptime": ("machine", "monitor"),
        f"{CHROME} DatadogSynthetics": ("machine", "monitor"),
        "check_http/v2.2.1 (nagios-plugins 2.2.1)": ("machine", "monitor"),
        f"{ANDROID.format('moto g')} Chrome-Lighthouse": ("machine", "monitor"),
    },
    "browsers without a screen": {
        CHROME.replace("Chrome", "HeadlessChrome"): ("machine", "headless"),
        f"{CHROME} Playwright/1.40.0": ("machine", "headless"),
    },
    "bots": {
        "Twitterbot/1.0": ("machine", "bot"),
        "TelegramBot (like TwitterBot)": ("machine", "bot"),
        f"{ANDROID.format('Nexus 5')} (compatible; FooBot/2.1)": ("machine", "bot"),
        f"{ANDROID.format('Nexus 5')} (compatible; Android; ABot)": ("machine", "bot"),
        "Mozilla/5.0 (compatible; Nobody/1.0; +https://example.com/)": (
            "machine",
            "web_address",
        ),
    },
}
# Beginnings of addresses of pages -> whether they are of odoo.example.com,
# intern.example.com:8069.
PAGES = {
    "https://odoo.example.com/odoo/contacts/3": True,
    "https://ODOO.example.com:8443/": True,
    "http://intern.example.com:8069/web": True,
    "http://intern.example.com/webmail": False,
    "https://mail.example.com/": False,
    "https://odoo.example.com.attacker.example/": False,
    "https://attacker.example/?https://odoo.example.com": False,
    "https://[broken": False,
    "": False,
}
OWN_HOSTS = ("odoo.example.com", "intern.example.com:8069", "")


@tagged("post_install", "-at_install")
class TestOpenEvidence(BaseCase):
    def test_agents(self):
        for kind, agents in AGENTS.items():
            for agent, expected in agents.items():
                with self.subTest(kind=kind, agent=agent):
                    headers = {"User-Agent": agent}
                    self.assertEqual(classify(headers, seconds=3600), expected)
                    self.assertEqual(judge(headers, seconds=3600), expected[0])
                    self.assertEqual(classify_agent(agent.upper()), expected)

    def test_gmail_loads_in_advance_by_this_very_name(self):
        name = (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/42.0.2311.135"
            " Safari/537.36 Edge/12.246"
        )
        self.assertEqual(
            classify_agent(f"{name} Mozilla/5.0"), ("machine", "gmail_prefetch")
        )
        self.assertEqual(classify_agent(name), ("human", None))

    def test_provider_that_tells_no_agent(self):
        self.assertEqual(classify({}, is_agent_reported=False), ("human", None))
        self.assertEqual(classify({}), ("machine", "no_agent"))

    def test_not_noted(self):
        for headers, method in (
            ({}, "HEAD"),
            ({}, "POST"),
            ({"Sec-Purpose": "prefetch;prerender"}, "GET"),
            ({"Purpose": "Prefetch"}, "GET"),
            ({"X-Purpose": "preview"}, "GET"),
            ({"X-Moz": "prefetch"}, "GET"),
            ({"DNT": "1"}, "GET"),
            ({"Sec-GPC": "1"}, "GET"),
        ):
            with self.subTest(headers=headers, method=method):
                hit = {"User-Agent": CHROME, **headers}
                self.assertEqual(classify(hit, method), (None, None))
        self.assertIsNone(judge({"User-Agent": CHROME}, is_internal=True))
        self.assertEqual(judge({"User-Agent": CHROME, "DNT": "0"}), "human")

    def test_pages_of_this_odoo(self):
        for page, is_own in PAGES.items():
            with self.subTest(page=page):
                headers = {"User-Agent": CHROME, "Referer": page}
                expected = "self" if is_own else "human"
                self.assertEqual(judge(headers, own_hosts=OWN_HOSTS), expected)
                portal = judge(headers, own_hosts=OWN_HOSTS, is_portal=True)
                self.assertEqual(portal, "human")

    def test_too_early(self):
        for seconds, limit, expected in (
            (None, 2, False),
            (-1, 2, True),
            (-1, 0, True),
            (0, 2, True),
            (2, 2, True),
            (3, 2, False),
            (5, 5, True),
            (0, 0, False),
        ):
            with self.subTest(seconds=seconds, limit=limit):
                self.assertEqual(is_early(seconds, limit), expected)

    def test_circumstances_of_each_class(self):
        for evidence, _label in EVIDENCE:
            is_person = evidence in ("human", "proxy")
            for early in (False, True):
                for burst in (False, True):
                    with self.subTest(evidence=evidence, early=early, burst=burst):
                        expected = (evidence, "rule")
                        if is_person and (early or burst):
                            expected = ("suspect", "early" if early else "burst")
                        verdict = doubt(evidence, "rule", early, burst)
                        self.assertEqual(verdict, expected)

    def test_a_mail_program_may_be_early_as_well(self):
        for agent in ("Thunderbird/128.1", GMAIL.format("GoogleImageProxy")):
            headers = {"User-Agent": agent}
            self.assertEqual(classify(headers, seconds=1), ("suspect", "early"))
            self.assertEqual(classify(headers, is_burst=True), ("suspect", "burst"))
        self.assertEqual(judge({"User-Agent": "curl/8"}, seconds=0), "machine")

    def test_versions_of_a_program_are_compared_with_the_rules_once(self):
        _possible_rules.cache_clear()
        for version in range(90, 150):
            agent = CHROME.replace("140.0", f"{version}.0.{version * 47}")
            self.assertEqual(classify_agent(agent), ("human", None))
        self.assertEqual(_possible_rules.cache_info().misses, 1)
        # Digits count where a rule has some.
        self.assertEqual(classify_agent("Mozilla/5.0"), ("machine", "apple_privacy"))
        self.assertEqual(classify_agent("Mozilla/6.0"), ("human", None))

    def test_table(self):
        """Every rule can match, and its name is in the selection of the event."""
        classes, names = dict(EVIDENCE), dict(EVIDENCE_RULES)
        for place, step in enumerate(STEPS):
            for rule in step:
                with self.subTest(rule=rule.text):
                    self.assertIn(rule.evidence, classes)
                    self.assertIn(rule.name, names)
                    self.assertRegex(rule.date, r"^20\d\d-\d\d-\d\d$")
                    self.assertTrue(rule.source)
                    if rule.how != "matches":
                        self.assertEqual(classify_agent(rule.text)[0], rule.evidence)
                    if place < len(STEPS) - 1:
                        self.assertEqual(classify_agent(rule.text)[1], rule.name)
