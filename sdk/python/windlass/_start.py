"""Starts the base process: `python _start.py VENDOR_DIR`, with the control socket as descriptor 3.

Written so that any Python can read it, because telling an old one's owner what is wrong is part of
its work.
"""

import os
import sys


def refuse(message):
    message = "Windlass cannot use %s: %s" % (sys.executable, message)
    frame = '{"type":"error","message":"%s"}' % message.replace("\\", "/").replace('"', "'")
    try:
        os.write(3, frame.encode("ascii", "replace"))
    except OSError:
        pass  # started by hand, without a host to tell
    sys.stderr.write(message + "\n")
    sys.exit(78)  # EX_CONFIG of sysexits.h


def start(here, vendor):
    # The script's folder holds private modules, which must not be found by their plain names.
    sys.path[:] = [
        entry
        for entry in sys.path
        if os.path.realpath(entry or os.curdir) != os.path.realpath(here)
    ]
    sys.path.insert(0, os.path.dirname(here))
    sys.path.append(vendor)
    try:
        from windlass._zygote import main
    except ImportError as problem:
        refuse("it lacks a module of the standard library (%s)" % problem)
    main()


if __name__ == "__main__":
    if sys.version_info < (3, 8):  # noqa: UP036
        refuse("it is Python %d.%d, and 3.8 or later is needed" % sys.version_info[:2])
    if len(sys.argv) != 2:
        refuse("usage: python _start.py VENDOR_DIR")
    start(os.path.dirname(os.path.abspath(__file__)), os.path.abspath(sys.argv[1]))
