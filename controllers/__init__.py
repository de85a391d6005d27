from . import delivery_webhook
from . import open_pixel
from . import timeline
