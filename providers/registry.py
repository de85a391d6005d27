"""The providers that there are. A new one is a file, a line here, a test and a page."""

from . import (
    webhook_brevo,
    webhook_generic,
    webhook_mailersend,
    webhook_mailgun,
    webhook_mailjet,
    webhook_mandrill,
    webhook_postmark,
    webhook_resend,
    webhook_scaleway,
    webhook_sendgrid,
    webhook_ses,
    webhook_sparkpost,
)

PROVIDERS = {
    module.PROVIDER.name: module.PROVIDER
    for module in (
        webhook_ses,
        webhook_brevo,
        webhook_mandrill,
        webhook_mailersend,
        webhook_mailgun,
        webhook_mailjet,
        webhook_postmark,
        webhook_resend,
        webhook_scaleway,
        webhook_sendgrid,
        webhook_sparkpost,
        webhook_generic,
    )
}
LABELS = [(name, provider.label) for name, provider in PROVIDERS.items()]
