from . import mail_mail
from . import ir_mail_server
from . import mail_tracking_email
from . import mail_mail_interrupted
from . import mail_mail_partly
from . import mail_notification
