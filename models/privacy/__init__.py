from . import mail_tracking_personal_mixin
from . import mail_tracking_email
from . import mail_tracking_event
from . import mail_tracking_late_report
from . import mail_tracking_webhook
from . import mail_tracking_viewer
from . import ir_ui_view
