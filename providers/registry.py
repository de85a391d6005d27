"""The providers that there are. A new one is a file, a line here, a test and a page."""

from . import (
    brevo,
    generic,
    mailersend,
    mailgun,
    mailjet,
    mandrill,
    postmark,
    resend,
    scaleway,
    sendgrid,
    ses,
    sparkpost,
)

PROVIDERS = {
    module.PROVIDER.name: module.PROVIDER
    for module in (
        ses,
        brevo,
        mandrill,
        mailersend,
        mailgun,
        mailjet,
        postmark,
        resend,
        scaleway,
        sendgrid,
        sparkpost,
        generic,
    )
}
LABELS = [(name, provider.label) for name, provider in PROVIDERS.items()]
