from . import test_tracking_state
