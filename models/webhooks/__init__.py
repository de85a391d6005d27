from . import mail_tracking_webhook
