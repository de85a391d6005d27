from . import mail_tracking_statistics
