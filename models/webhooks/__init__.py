from . import mail_tracking_webhook
from . import mail_tracking_webhook_reports
