from . import mail_message
from . import mail_thread
from . import mail_tracking_email
from . import mail_tracking_viewer
from . import ir_websocket
