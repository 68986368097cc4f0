from typing import Any

from windlass._nautobot import ConstanceConfigItem as ConstanceConfigItem
from windlass.apps import NautobotAppConfig as NautobotAppConfig
from windlass.apps import WindlassAppConfig as WindlassAppConfig

# Without a counterpart in Windlass: raises NotImplementedError when it is used.
nautobot_database_ready: Any
