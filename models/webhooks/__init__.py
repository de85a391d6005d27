from . import mail_tracking_webhook
from . import mail_tracking_webhook_reports
from . import mail_tracking_webhook_seen
