from . import mail_tracking_readable_mixin
from . import mail_tracking_event
from . import mail_tracking_email
