from . import open_pixel
from . import timeline
