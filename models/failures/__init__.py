from . import mail_tracking_email
from . import mail_message
from . import mail_thread
from . import res_users
