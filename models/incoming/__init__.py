from . import mail_thread
from . import mail_tracking_email
from . import mail_tracking_late_report
