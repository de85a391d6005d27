from . import open_pixel
