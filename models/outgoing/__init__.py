from . import mail_mail
from . import mail_mail_recipients
from . import ir_mail_server
from . import mail_tracking_email
