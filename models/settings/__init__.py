from . import ir_config_parameter
from . import res_config_settings
from . import ir_mail_server
