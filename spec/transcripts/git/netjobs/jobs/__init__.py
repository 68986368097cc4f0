from . import greet
