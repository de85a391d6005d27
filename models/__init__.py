from . import tracking_state
