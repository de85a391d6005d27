from . import res_users_settings
from . import res_users
from . import mail_mail
from . import mail_tracking_email
