from . import res_partner
from . import mail_tracking_email
from . import base_partner_merge
