"""Runs a command on this process' own pipes and kills it and itself when a marker comes in, the first time that it does.

    python mortal.py MARKER FLAG_FILE COMMAND...
"""

import os
import signal
import subprocess
import sys

marker, flag, *command = sys.argv[1:]
engine = subprocess.Popen(command, stdin=subprocess.PIPE)
seen = b""
while chunk := os.read(0, 1 << 16):
    seen = seen[-len(marker):] + chunk
    if marker.encode() in seen and not os.path.exists(flag):
        open(flag, "x").close()
        engine.kill()
        os.kill(os.getpid(), signal.SIGKILL)
    engine.stdin.write(chunk)
    engine.stdin.flush()
engine.stdin.close()
sys.exit(engine.wait())
