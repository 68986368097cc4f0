"""No job in here, only something for others to use."""


def answer():
    return 42
