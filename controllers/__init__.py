from . import delivery_webhook
from . import email_preferences
from . import open_pixel
from . import failed_mailbox
from . import failures
from . import page_load
from . import timeline
