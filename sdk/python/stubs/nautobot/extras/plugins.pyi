from windlass.apps import NautobotAppConfig as NautobotAppConfig

PluginConfig = NautobotAppConfig
