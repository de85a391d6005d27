from . import mail_thread
from . import ir_ui_view
