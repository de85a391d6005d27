from . import mail_tracking_email
from . import mail_tracking_email_complaints
from . import mail_notification
