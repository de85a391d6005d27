from odoo.tests import tagged

from ..helpers.reader_case import ReaderCase
from .test_bounces_in_words import COPY, DAEMON, HARD, failures, source

OUTLOOK = "Microsoft Outlook <postmaster@x.test>"
# Subject and first words of Microsoft's reports, and what they say of the address.
UNKNOWN = [
    (
        "Unzustellbar: Angebot",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
        "Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.",
    ),
    (
        "Non remis : Offre",
        "Échec de la remise à ces destinataires ou groupes :",
        "L’adresse de messagerie que vous avez entrée est introuvable.",
    ),
    (
        "No se puede entregar: Oferta",
        "No se pudo realizar la entrega a estos destinatarios o grupos:",
        "No se encontró la dirección de correo electrónico que escribió.",
    ),
    (
        "Non recapitabile: Offerta",
        "Recapito non riuscito per i seguenti destinatari o gruppi:",
        "Impossibile trovare l'indirizzo di posta elettronica immesso.",
    ),
    (
        "Não entregue: Oferta",
        "Falha na entrega para estes destinatários ou grupos:",
        "O endereço de email inserido não foi encontrado.",
    ),
    (
        "Onbestelbaar: Offerte",
        "De bezorging is mislukt voor deze geadresseerden of groepen:",
        "Het e-mailadres dat u hebt ingevoerd, kan niet worden gevonden.",
    ),
    (
        "Kan ikke leveres: Tilbud",
        "Levering mislykkedes til disse modtagere eller grupper:",
        "Den mailadresse, du angav, blev ikke fundet.",
    ),
    (
        "Kan ikke leveres: Tilbud",
        "Levering til disse mottakerne eller gruppene mislyktes:",
        "Finner ikke e-postadressen du skrev inn.",
    ),
    (
        "Kan inte levereras: Offert",
        "Leverans till följande mottagare eller grupper misslyckades:",
        "Det gick inte att hitta e-postadressen du angav.",
    ),
    (
        "Ei voi toimittaa: Tarjous",
        "Toimitus näille vastaanottajille tai ryhmille epäonnistui:",
        "Antamaasi sähköpostiosoitetta ei löytynyt.",
    ),
    (
        "Niedostarczalne: Oferta",
        "Nie można dostarczyć wiadomości do następujących adresatów lub grup:",
        "Nie można znaleźć wprowadzonego adresu e-mail.",
    ),
    (
        "Nedoručitelné: Nabídka",
        "Doručení těmto příjemcům nebo skupinám se nezdařilo:",
        "Zadaná e-mailová adresa nebyla nalezena.",
    ),
    (
        "Недоставленное: Предложение",
        "Не удалось выполнить доставку следующим получателям или группам:",
        "Не удалось найти указанный адрес электронной почты.",
    ),
    (
        "Teslim Edilemedi: Teklif",
        "Bu alıcılara veya gruplara teslim başarısız oldu:",
        "Girdiğiniz e-posta adresi bulunamadı.",
    ),
    (
        "配信不能: 見積",
        "次の受信者またはグループへの配信に失敗しました:",
        "入力した電子メール アドレスが見つかりませんでした。",
    ),
    ("未送达: 报价", "传递给以下收件人或组失败:", "找不到您输入的电子邮件地址。"),
]
DELAYS = [
    (
        "Delivery Status Notification (Delay)",
        "Problem bei der Zustellung an a@x.test. Gmail versucht es noch 46 Stunden.",
    ),
    ("Försenad: Offert", "Meddelandet kunde inte levereras till a@x.test än."),
    ("Viivästynyt: Tarjous", "Viestiä ei voitu toimittaa vielä: a@x.test"),
    ("Forsinket: Tilbud", "Meddelelsen kunne ikke leveres til a@x.test endnu."),
    ("延迟: 报价", "无法投递到以下收件人：a@x.test"),
]
# How a report names the subject of the mail, and what stands above its copy.
SUBJECTS = (
    *("Subject", "Betreff", "Onderwerp", "Aihe", "Ämne", "Emne", "Temat", "Předmět"),
    *("Тема", "Konu", "件名", "主题", "제목", "The subject of the message is"),
)
COPIES = (
    *("-----Original Message-----", "Ursprüngliche Nachrichtenkopfzeilen:"),
    *("En-têtes de message d'origine :", "Encabezados de mensajes originales:"),
    *("Intestazioni messaggi originali:", "Cabeçalhos de mensagens originais:"),
    *("Oorspronkelijke berichtkoppen:", "Ursprungliga meddelanderubriker:"),
    *("Oprindelige meddelelseshoveder:", "Opprinnelige meldingshoder:"),
    *("Alkuperäiset viestin otsikot:", "Oryginalne nagłówki wiadomości:"),
    *("Původní záhlaví zprávy:", "Исходные заголовки сообщения:"),
    *("Özgün ileti üstbilgileri:", "元のメッセージ ヘッダー:", "原始邮件标头:"),
)
# Nobody's report: sender, subject, text.
NONE = [
    (
        "Anna <anna@x.test>",
        "Viestiä ei voitu toimittaa",
        "Postilaatikkosi on täynnä, anna@x.test",
    ),
    (
        "Anna <anna@x.test>",
        "Unzustellbar?",
        "Meine Mail an b@x.test konnte nicht zugestellt werden: Postfach voll.",
    ),
    (
        "Shop <shop@postmaster-shop.test>",
        "Question",
        "My order 12 did not reach me. Write to shop@x.test",
    ),
    (
        "DHL Delivery System <noreply@x.test>",
        "Your parcel 12",
        "Your parcel could not be delivered. Write to help@x.test",
    ),
    (
        "System Administrator <admin@x.test>",
        "Mailbox of Anna",
        "Anna says that anna@x.test could not be delivered to: mailbox full.",
    ),
]


@tagged("post_install", "-at_install")
class TestBouncesInLanguages(ReaderCase):
    """Bounces in the languages that mail servers speak."""

    def test_unknown_addresses(self):
        for subject, failed, why in UNKNOWN:
            for headers in ("", "Return-Path: <>\n"):
                with self.subTest(subject, headers=headers):
                    text = f"{failed}\n\na@x.test\n{why}\n{COPY}"
                    mail_report = self.read(source(OUTLOOK, subject, text, headers))
                    self.assertEqual(failures(mail_report), {"a@x.test": HARD})

    def test_words_alone_are_enough(self):
        """The subject may be of another language, or of none."""
        for subject, failed, why in UNKNOWN:
            with self.subTest(subject):
                text = f"{failed}\n\na@x.test\n{why}\n"
                mail_report = self.read(source(OUTLOOK, "-", text, ""))
                self.assertEqual(failures(mail_report), {"a@x.test": HARD})

    def test_delays(self):
        for subject, text in DELAYS:
            with self.subTest(subject):
                mail_report = self.read(source(DAEMON, subject, f"{text}\n"))
                (reported,) = mail_report.recipients
                self.assertEqual(reported.action, "delayed")
                self.assertEqual(reported.event()["error_type"], "postponed")

    def test_the_subject_never_changes_the_verdict(self):
        expected = {"a@x.test": ("soft_bounce", "mail_bounce")}
        for name in SUBJECTS:
            with self.subTest(name):
                text = f"a@x.test\n{name}: mailbox full\n  no such user\nundelivered\n"
                mail_report = self.read(source(DAEMON, "-", text))
                self.assertEqual(failures(mail_report), expected)
        # Spaces are no second line of it.
        text = "Subject: full\n  \n  a@x.test\n  User unknown\n"
        mail_report = self.read(source(DAEMON, "-", text))
        self.assertEqual(failures(mail_report), {"a@x.test": HARD})

    def test_the_copy_never_changes_the_verdict(self):
        head = "From: me@our.test\nTo: b@x.test\nSubject: Hi\n\nmailbox full\n"
        for above in COPIES:
            with self.subTest(above):
                text = f"a@x.test was undeliverable\n\n{above}\n\n{head}"
                mail_report = self.read(source(DAEMON, "-", text))
                expected = {"a@x.test": ("soft_bounce", "mail_bounce")}
                self.assertEqual(failures(mail_report), expected)

    def test_mails_of_people(self):
        for sender, subject, text in NONE:
            with self.subTest(subject):
                self.assertFalse(self.read(source(sender, subject, text, "")))

    def test_names_of_servers(self):
        text = "a@x.test could not be delivered: user unknown\n"
        for sender in (
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc3@x.test>",
            "MDaemon at x.test <MDaemon@x.test>",
        ):
            with self.subTest(sender):
                mail_report = self.read(source(sender, "Undeliverable: Hi", text, ""))
                self.assertEqual(failures(mail_report), {"a@x.test": HARD})

    def test_the_address_that_forwards(self):
        text = "failed:\n\n  pipe to |/bin/x\n    generated by a@x.test\n    is full\n"
        mail_report = self.read(source(DAEMON, "Mail delivery failed", text))
        self.assertEqual(list(failures(mail_report)), ["a@x.test"])
        for words in ("(generated from a@x.test)", "(expanded from: <a@x.test>)"):
            with self.subTest(words):
                text = f"failed address:\n\n  b@y.test\n    {words}\n    Unknown user"
                mail_report = self.read(source(DAEMON, "Mail delivery failed", text))
                (reported,) = mail_report.recipients
                self.assertEqual(reported.addresses, ["a@x.test", "b@y.test"])
