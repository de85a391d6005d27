from . import mail_tracking_provider
from . import mail_tracking_test_mail
from . import mail_tracking_check
from . import mail_tracking_check_address
from . import mail_tracking_check_reports
from . import mail_tracking_check_privacy
from . import mail_tracking_personal
from . import mail_tracking_check_load
