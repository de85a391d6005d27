from . import mail_mail
from . import mail_mail_recipients
from . import mail_message
