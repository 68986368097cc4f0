"""An app: an installed package that brings jobs."""

from importlib import metadata

from nautobot.apps import NautobotAppConfig

__version__ = metadata.version(__name__)


class ExampleAppConfig(NautobotAppConfig):
    name = "example_app"
    verbose_name = "Example App"
    base_url = "example-app"
    version = __version__
    description = "Looks after the disks of this machine"
    default_settings = {"path": "/"}


config = ExampleAppConfig
