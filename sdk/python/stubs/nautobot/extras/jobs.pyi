from nautobot.apps.jobs import *
