from . import mail_thread
from . import mail_thread_failures
from . import ir_ui_view
