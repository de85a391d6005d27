from . import res_partner
from . import mail_tracking_email
from . import mail_tracking_email_merged
from . import base_partner_merge
