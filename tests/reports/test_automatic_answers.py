from odoo.tests import tagged

from ...tools.reports.automatic_mail import is_automatic
from ..helpers.reader_case import ReaderCase
from ..helpers.reports import parse, report

MAIL = (
    "From: A <a@example.com>\nTo: us@example.com\nSubject: {}\n{}MIME-Version: 1.0\n"
    "Content-Type: text/plain\n\nSome words"
)
# Subjects that mail programs write by themselves, without a header that says so.
AWAY = """
Automatic reply: Offer|AUTO: Max is out of the office|Out of Office: Offer
Automatische Antwort: Angebot|Abwesenheitsnotiz: Angebot|Abwesend: Angebot
Réponse automatique : Offre|Absence du bureau : Offre
Respuesta automática: Oferta|Fuera de la oficina: Oferta|Risposta automatica: Offerta
Resposta automática: Oferta|Ausência temporária: Oferta
Automatisch antwoord: Offerte|Afwezig: Offerte|Autosvar: Offert|Automatiskt svar: Offert
Automatisk svar: Tilbud|Fravær: Tilbud|Automaattinen vastaus: Tarjous
Odpowiedź automatyczna: Oferta|Automatická odpověď: Nabídka|Automatikus válasz: Ajánlat
Răspuns automat: Ofertă|Otomatik yanıt: Teklif|Автоматический ответ: Предложение
Αυτόματη απάντηση: Προσφορά|自動応答: 見積|自动答复: 报价|자동 회신: 견적
OOO: Offer|Abwesenheitsbenachrichtigung|Urlaubsbenachrichtigung|Vacation reply: Offer
Message automatique d'absence|Afwezigheidsbericht|부재 중 자동 응답: 견적
""".strip().replace("\n", "|")
# Words of people.
PEOPLE = """
Re: Automatic reply: Offer|AW: Abwesenheitsnotiz: Angebot|Auto: neuer Wagen
Automatic gearbox|Autosvarta bilar|Office out of order|Absences in June
Vacation plans|Urlaub im Juni|Ooops|Message automatique de la machine
""".strip().replace("\n", "|")


@tagged("post_install", "-at_install")
class TestAutomaticAnswers(ReaderCase):
    """Automatic answers in many languages, and mails that only look automatic."""

    def test_subjects_of_mail_programs(self):
        for subject in AWAY.split("|"):
            with self.subTest(subject):
                mail_report = self.read(MAIL.format(subject, ""))
                self.assertEqual(mail_report and mail_report.kind, "auto_reply")

    def test_subjects_of_people(self):
        for subject in PEOPLE.split("|"):
            with self.subTest(subject):
                self.assertIsNone(self.read(MAIL.format(subject, "")))

    def test_a_person_behind_a_ticket_system(self):
        headers = "Precedence: bulk\nIn-Reply-To: <m1@our.test>\n"
        mail = MAIL.format("Re: Offer", headers)
        self.assertIsNone(self.read(mail))
        self.assertFalse(is_automatic(parse(mail)))

    def test_microsoft_365(self):
        headers = (
            "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"
            "In-Reply-To: <m1@our.test>\n"
        )
        mail_report = self.read(MAIL.format("Offer", headers))
        self.assertEqual(mail_report.kind, "auto_reply")
        self.assertEqual(mail_report.message_ids, ("<m1@our.test>",))
        self.assertIsNone(
            self.read(MAIL.format("Backup done", "Auto-Submitted: auto-generated\n"))
        )

    def test_refused_by_a_rule_of_the_recipient(self):
        """RFC 5429 section 2.2: a receipt says that the mail was deleted."""
        mail_report = self.single(
            report(
                "Final-Recipient: rfc822; a@example.com\nDisposition: "
                "automatic-action/MDN-sent-automatically; deleted\n",
                "message/disposition-notification",
                report_type="disposition-notification",
            )
        )
        event = mail_report.event()
        self.assertEqual((mail_report.kind, mail_report.action), ("mdn", "failed"))
        self.assertEqual(
            (event["event_type"], event["error_type"]), ("reject", "policy")
        )
