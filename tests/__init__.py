from . import test_access
from . import test_chatter_feed
from . import test_open_pixel
from . import test_sending
from . import test_timeline
from . import test_tracking_state
from . import test_upkeep
