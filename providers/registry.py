"""All providers. A new one needs a file, a line here, a test and a page."""

from . import (
    azure,
    brevo,
    generic,
    mailersend,
    mailgun,
    mailjet,
    mailtrap,
    mandrill,
    postal,
    postmark,
    resend,
    scaleway,
    sendgrid,
    ses,
    smtp2go,
    sparkpost,
    zeptomail,
)

PROVIDERS = {
    module.PROVIDER.name: module.PROVIDER
    for module in (
        ses,
        azure,
        brevo,
        mandrill,
        mailersend,
        mailgun,
        mailjet,
        mailtrap,
        postal,
        postmark,
        resend,
        scaleway,
        sendgrid,
        smtp2go,
        sparkpost,
        zeptomail,
        generic,
    )
}
LABELS = [(name, provider.label) for name, provider in PROVIDERS.items()]
