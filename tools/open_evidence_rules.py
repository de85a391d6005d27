"""What user agents reveal: names of programs, with the class of their evidence.

Data only. Rules of an earlier step go before those of a later one (`STEPS`), so that no
list of machines affects a mail program: public lists call Outlook a bot. Taken over as
a whole, such a list also matches 0.3 % of people's phones; a name is listed here when
its owner documents it, or when it was seen loading mail or pages automatically, and no
agent of the device lists contains it.
"""

from typing import NamedTuple

SEEN = "2026-11-26"  # when the sources without a date of their own were checked

# Where the names come from.
APPLE = "Mailgun Docs, Open and Click Bot Detection"
CRAWLERS = "github.com/monperrus/crawler-user-agents 1.67.0"
DEFAULTS = "What the library sends unless told otherwise, by its documentation"
DEVICES = "github.com/matomo-org/device-detector, Tests: bots, PIM, library"
FASTMAIL = "fastmail.com/policies/bots"
GMAIL = "gmass.co, False Opens in Gmail; github.com/mautic/mautic/pull/10245"
HEY = "hey.com/image-proxy"
OFFICE = "learn.microsoft.com, Office: Existence and Protocol Discovery"
OPENERS = "github.com/skuz-ko/php-email-open-bot-detection (seen opening mail)"
PARSER = "github.com/ua-parser/uap-core, tests/test_ua.yaml"
SAMPLING = "github.com/mssola/user_agent/issues/71"
VENDORS = "Names of mail security products, and of their link scanners"
YAUAA = "github.com/nielsbasjes/yauaa, UserAgents: tests"


class Rule(NamedTuple):
    """One text by which the agent that loads a picture is recognised."""

    text: str  # without regard to case; a regular expression where `how` says so
    how: str  # the whole agent "is" it, it "starts" with it, "has" it, "matches"
    evidence: str  # of `tools.states.EVIDENCE`
    name: str  # of `tools.states.EVIDENCE_RULES`
    source: str
    date: str  # when the source was last checked


def _rules(evidence, name, how, source, *texts, date=SEEN):
    return [Rule(text, how, evidence, name, source, date) for text in texts]


# Loaded before, or without, anybody reading.
IN_ADVANCE = [
    *_rules("machine", "apple_privacy", "is", APPLE, "Mozilla/5.0"),
    *_rules(
        *("machine", "gmail_prefetch", "is", GMAIL),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
        " Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
    ),
    *_rules("machine", "gmail_prefetch", "has", SAMPLING, "Gmail-content-sampling"),
]

# Fetch at the moment when a person opens the mail.
PROXIES = [
    *_rules(
        *("proxy", "image_proxy", "has", GMAIL),
        *("GoogleImageProxy", "(via ggpht.com", "YahooMailProxy", "OutlookImageProxy"),
    ),
    *_rules("proxy", "image_proxy", "has", FASTMAIL, "FastmailUA/"),
    *_rules("proxy", "image_proxy", "starts", HEY, "hey.com/imageproxy"),
    *_rules("proxy", "image_proxy", "has", YAUAA, "SuperhumanProxy"),
    *_rules(
        *("proxy", "image_proxy", "has", DEVICES),
        *("SeznamEmailProxy", "RamblerMail/", "mail.ukr.net proxy"),
    ),
    *_rules("proxy", "image_proxy", "has", CRAWLERS, "Shortwave"),
]

# Mail programs, whatever else their agent names: a library, a web address, a phone.
MAIL_PROGRAMS = [
    *_rules(
        *("human", "mail_program", "has", DEVICES),
        *("Outlook", "ms-office", "MSOffice", "Thunderbird", "Icedove", "Lotus-Notes"),
        *("Airmail", "Postbox", "eM Client", "eMClient", "Foxmail", "MailMaster"),
        *("%20Mail", "Mailspring", "BlueMail", "Mailbird", "MailBar", "WindowsMail"),
        *("NaverMailApp", "ymail", "Lightning/", "SeaMonkey", "DAVdroid", "DAVx5"),
    ),
    *_rules(
        *("human", "mail_program", "starts", DEVICES),
        *("The Bat!", "Barca/", "BarcaPro/", "Superhuman/", "com.google.Gmail."),
    ),
    *_rules(
        *("human", "mail_program", "starts", PARSER),
        *("Evolution/", "YahooMobileMail", "Apple Mail/", "Mail/", "KMail/"),
        *("Claws Mail", "Sylpheed", "IncrediMail", "Spicebird/"),
    ),
    *_rules(
        *("human", "mail_program", "has", YAUAA),
        *("mailapp/", "AquaMail", "Zimbra", "Sparrow/", "K-9 Mail", "FairEmail"),
        *("Canary Mail", "Polymail", "Spike/", "Unibox", "Mailplane"),
    ),
]

# Fetch for a reader or for their own use; nothing tells which.
UNCERTAIN = [
    *_rules(
        *("suspect", "uncertain_proxy", "has", CRAWLERS),
        *("YandexImageResizer", "Slack-ImgProxy", "github-camo"),
    ),
    *_rules("suspect", "uncertain_proxy", "has", OPENERS, "dataaccessd/"),
    # Not within an agent: there are telephones named Camon.
    *_rules(
        *("suspect", "uncertain_proxy", "starts", DEFAULTS),
        *("go-camo", "camo-rs", "Camo Asset Proxy"),
    ),
]

LIBRARIES = [
    *_rules(
        *("machine", "library", "starts", OPENERS),
        *("python-requests", "Python/", "okhttp", "Java/", "Apache-HttpClient", "AHC/"),
        *("Jetty/", "lua-resty-http", "yarn/", "W3C-checklink", "Wget"),
    ),
    *_rules(
        *("machine", "library", "starts", DEVICES),
        *("curl", "libcurl", "PycURL", "Python-urllib", "urllib", "perlclient"),
        *("libwww", "lwp-", "LWP::", "WWW-Mechanize", "Mechanize", "Guzzle"),
        *("HTTP_Request", "Google-HTTP-Java-Client", "Go-http-client", "Go 1."),
        *("Faraday", "aiohttp", "Java1.", "PHP/", "PHP-", "Request-Promise", "Node.js"),
        *("HTTPie/", "ReqBin", "xtate/", "KvshClient", "Dart/", "Ruby", "rest-client"),
    ),
    *_rules(
        *("machine", "library", "starts", CRAWLERS),
        *("BTWebClient", "axios/", "colly", "lwp-trivial", "Valve/Steam HTTP"),
        *("Jersey/", "phpcrawl", "Jakarta Commons-HttpClient", "node-fetch", "undici"),
        *("got/", "got (", "needle/", "node-superagent", "superagent/", "hyper/"),
        *("reqwest/", "ureq/", "Deno/", "Bun/", "npm/", "unirest", "RestSharp"),
        *("Typhoeus", "Alamofire/", "resty/", "Scrapy", "Microsoft BITS"),
        *("Microsoft-CryptoAPI", "Microsoft URL Control", "WinHttp"),
        *("Microsoft-WebDAV", "PostmanRuntime", "insomnia/", "Symfony", "Zend_Http"),
        *("Apache-CXF", "ApacheBench", "imgproxy/"),
    ),
    *_rules("machine", "library", "has", CRAWLERS, "libwww-perl", "Indy Library"),
    *_rules("machine", "library", "is", DEFAULTS, "node"),
    *_rules(
        *("machine", "library", "starts", DEFAULTS),
        *("ReactorNetty/", "hackney/", "Mojolicious (", "Embarcadero URI"),
        *("AutoHotkey", "GRequests/", "Tornado/", "treq/", "Boto3/", "Botocore/"),
        *("aws-sdk-", "aws-cli/", "Vert.x-WebClient/", "ktor-client", "Ktor client"),
        *("NING/", "Furl::", "excon/", "isahc/", "awc/", "surf/", "attohttpc/", "wreq"),
        *("mint/", "LuaSocket", "R (", "libsoup/", "gvfs/", "aria2/", "libfetch"),
        *("xh/", "Paw/", "RapidAPI/", "bruno-runtime/", "Hoppscotch", "k6/"),
        *("Apache-JMeter", "Gatling/", "vegeta", "autocannon", "oha/", "AFNetworking/"),
        *("MSXML", "WinInet", "Synapse/", "SAP NetWeaver", "Azure-Logic-Apps/"),
        *("GCDHTTPRequest", "Goutte", "ImageMagick", "PrinceXML", "dompdf"),
        *("Elastic-Heartbeat/", "SimplePie/", "WeasyPrint", "PDFreactor"),
    ),
    *_rules(
        *("machine", "library", "has", DEFAULTS),
        *("PowerShell/", "WinHttp.WinHttpRequest", "compatible; Synapse"),
    ),
    # A pattern that begins with a fixed character is found much faster.
    *_rules("machine", "library", "matches", DEFAULTS, r"siege/(?<=\bsiege/)"),
    *_rules("machine", "library", "matches", DEFAULTS, r"^prince[ /][0-9]"),
    # "scalaj-http/1.0", "HTTP.jl/1", "Python-httplib2/0.22": programs call what they
    # are made for by its name; a person's agent begins with that of the program.
    *_rules("machine", "library", "matches", DEFAULTS, r"^[^\s/(]*http[^\s/(]*"),
    *_rules("machine", "library", "has", DEVICES, "Python-urllib", "HTTPClient"),
]

SCANNERS = [
    *_rules(
        *("machine", "scanner", "has", OPENERS),
        *("Barracuda", "cortex/1.0", "SCMGUARD", "Microsoft Exchange/"),
        *("Amazon CloudFront", "HubSpot Connect", "Office 365 Connectors"),
    ),
    *_rules("machine", "scanner", "has", OFFICE, "Existence Discovery"),
    *_rules("machine", "scanner", "has", OFFICE, "Microsoft Office Protocol Discovery"),
    *_rules(
        *("machine", "scanner", "has", VENDORS),
        *("Proofpoint", "Mimecast", "IronPort", "CiscoSecureEmail", "MessageLabs"),
        *("FireEye", "Trellix", "TMES", "FortiMail", "FortiGuard", "URLhaus"),
        *("Sophos", "Forcepoint", "Websense", "VadeSecure", "Hornetsecurity", "Avanan"),
        *("Retarus", "Zscaler", "SpamExperts", "SpamAssassin", "Rspamd", "MailMarshal"),
        *("Egress", "Ironscales", "Abnormal-Security", "Safe Links", "urlscan"),
        *("VirusTotal", "PhishTank", "OpenPhish", "SafeLinks", "SmartScreen"),
        *("TrendMicro", "Trend Micro", "Libraesva", "SpamTitan", "GreatHorn"),
        *("Darktrace", "Mail Assure", "Area1Security", "Spamhaus", "Cofense"),
        *("KnowBe4", "sandbox", "Email Security", "Link Protect", "Link Isolation"),
        *("ClickProtect", "URL-Defense", "BrightCloud", "Zvelo", "PhishLabs"),
        *("CheckPhish", "Netskope", "Check-Point", "Perception-Point", "NoSpamProxy"),
    ),
    # Also browsers have these names, at their end.
    *_rules(
        *("machine", "scanner", "starts", VENDORS),
        *("Symantec", "McAfee", "Kaspersky", "Bitdefender", "ESET", "F-Secure"),
        *("Webroot", "Cisco-", "Cloudmark", "Cyren", "Agari", "INKY", "Zix"),
        *("AppRiver", "Vade Secure", "Menlo Security", "Microsoft Defender"),
        *("Blue Coat", "Checkpoint", "Check Point", "Tessian/", "Cisco Umbrella"),
    ),
    *_rules(
        *("machine", "scanner", "has", CRAWLERS),
        *("scanner", "scan/", "scanning", "TwinWave", "Qualys", "Netcraft", "zgrab"),
        *("Cloudflare-", "Nikto", "acunetix", "Sucuri", "WhatWeb", "SSL Labs", "ZmEu"),
        *("Censys", "Shodan", "Expanse", "Palo Alto Networks", "l9explore", "l9tcpid"),
        *("security.txt", "DCV", "Hardenize", "watchTowr", "BlackDuck", "Detectify"),
        *("google-", "bitdiscovery", "RecordedFuture", "Valimail", "Assetnote"),
        *("(Exchange check)", "Arachni", "SecurityHeaders", "OpenVAS", "Criminal IP"),
        *("Nmap Scripting", "Nessus", "sqlmap", "nuclei", "gobuster", "feroxbuster"),
        *("Fuzz Faster", "Wfuzz", "w3af", "InternetMeasurement", "LeakIX", "DirBuster"),
    ),
]

PREVIEWS = [
    *_rules(
        *("machine", "preview", "has", CRAWLERS),
        *("preview", "facebookexternal", "facebookcatalog", "meta-external"),
        *("Slackbot", "Embedly", "LinkExpand", "Onebox", "Hatena", "TwilioProxy"),
        *("AddThis.com", "FeedBurner", "favicon", "Twingly", "Bluesky", "Cardyb"),
        *("NotionEmbedder", "XING-contenttab", "vkShare", "unfurl", "MetaInspector"),
    ),
    *_rules(
        *("machine", "preview", "starts", CRAWLERS),
        *("WhatsApp", "Viber", "GoogleMessages/", "Tumblr/", "Iframely", "Signal-"),
    ),
    *_rules(
        *("machine", "preview", "has", DEVICES),
        *("YahooCacheSystem", "YahooWebServiceClient", "WebsiteMetadataRetriever"),
        *("UrlDownloader", "SiteSucker", "FlipboardProxy", "PocketParser"),
    ),
]

MONITORS = [
    *_rules(
        *("machine", "monitor", "has", CRAWLERS),
        *("monitor", "uptime", "synthetic", "Pingdom", "PingPing", "NodePing"),
        *("StatusCake", "Site24x7", "Catchpoint", "Zabbix", "check_http", "Ruxit"),
        *("Lighthouse", "PTST/", "GTmetrix", "DareBoost", "AppInsights", "Datadog"),
        *("Siteimprove", "Monsido", "Silktide", "ThousandEyes", "Blackbox Exporter"),
        *("HealthCheck", "collectd/", "Prometheus/", "Grafana/", "updown.io", "nagios"),
        *("checker", "linkcheck", "LinkChkr", "validator", "W3C_", "W3C-", "Dynatrace"),
        *("ELB-Health", "solarwinds", "Panopta", "NewRelic", "PageSpeed", "Page Speed"),
        *("kube-probe/", "GoogleHC/", "Envoy/HC", "Consul Health", "Blackbox-Exporter"),
        *("Telegraf/", "uptrends", "Uptimia", "HetrixTools", "Checkly", "Health-Check"),
        *("Cloudflare custom", "CloudflareDiagnostics", "CloudflareObservatory"),
    ),
    # Not within "TechnologyLTE".
    *_rules("machine", "monitor", "matches", CRAWLERS, r"ylt\b(?<=\bylt)"),
]

HEADLESS = [
    *_rules(
        *("machine", "headless", "has", CRAWLERS),
        *("headless", "PhantomJS", "SlimerJS", "CasperJS", "Puppeteer", "Playwright"),
        *("Selenium", "WebDriver", "Cypress/", "Ghost Inspector", "ZombieJS", "jsdom"),
        *("HtmlUnit", "wkhtmlto", "Prerender", "Rendertron", "Browsershot"),
        *("Nightmare", "TestLocally", "Devin/", "Manus-User"),
    ),
    # Not the browser of Splashtop, which people use.
    *_rules("machine", "headless", "matches", CRAWLERS, r"splash\b(?<=\bsplash)"),
]

BOTS = [
    *_rules(
        *("machine", "bot", "has", CRAWLERS),
        *("crawl", "spider", "robot", "slurp", "fetch", "scrape", "archiver"),
        *("mailto:", "Mediapartners", "Googlebot", "AdsBot", "Applebot", "HTTrack"),
        *("larbin", "GoogleOther", "Feedly", "Claude-User", "ChatGPT-", "nutch"),
        *("ips-agent", "GoogleAgent-", "PlayStore-Google", "inoreader", "theoldreader"),
        *("Xenu Link", "Google Search Console", "Yahoo:", "scraping@", "Kaspersky Lab"),
    ),
    *_rules(
        *("machine", "bot", "starts", CRAWLERS),
        *("panscient", "PostRank", "newspaper/", "Daumoa", "SFDC-Callout"),
        *("Salesforce", "Zapier", "Integromat", "Make/production", "Zendesk Webhook"),
        *("Klaviyo/", "SendGrid Event", "SparkPost", "GoogleAssociationService"),
        *("Instapaper/", "anthropic-ai", "cohere-ai", "Disqus/", "Shopify-"),
        *("Bitbucket-Webhooks", "APIs-Google", "IFTTT"),
    ),
    # "Bot" where a name ends: CUBOT phones do not always stand in a parenthesis.
    *_rules(
        *("machine", "bot", "matches", CRAWLERS),
        r"bot(?<!\bcubot)(?=[/;),(]| \(|-|_|\s*$)",
        # A name and nothing of a browser: Konqueror once told no more.
        r"^mozilla/5\.0 \(compatible(?:; (?!msie|konqueror)[^();]*)?\)$",
        r"like gecko[;,] ?compatible",
        r"bot(?= (?:v?[0-9]|beta\b))",
        # An address to complain to. Apps write "ios@11.0".
        *(r"\[at\]", r"\(at\)", r"@(?<=[a-z0-9]@)[a-z0-9-]+\.[a-z]"),
    ),
    # Programs that visit pages automatically say where to find their owner. So do two
    # browsers, one of which is built into others, and an access provider.
    *_rules(
        *("machine", "web_address", "matches", CRAWLERS),
        r"https?://(?!(?:www\.)?(?:bsalsa\.com|qtweb\.net|telusplanet\.net))",
    ),
]

# The first step with a rule that matches gives the class.
STEPS = [
    IN_ADVANCE,
    PROXIES,
    MAIL_PROGRAMS,
    UNCERTAIN,
    [*LIBRARIES, *SCANNERS, *PREVIEWS, *MONITORS, *HEADLESS, *BOTS],
]
MACHINES = 4  # the step whose texts and patterns ignore the model of an Android phone
