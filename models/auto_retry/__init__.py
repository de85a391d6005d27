from . import mail_compose_message
from . import mail_mail
from . import mail_message
from . import mail_message_schedule
from . import mail_template
from . import mail_thread
from . import mail_tracking_email
from . import mail_tracking_event
