from . import mail_mail
from . import ir_mail_server
from . import mail_tracking_email
