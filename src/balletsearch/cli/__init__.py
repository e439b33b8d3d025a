"""How does the shell reach the library? `balletsearch COMMAND`: this is where it starts.

A command parses, calls the library once, hands the result to a renderer and returns an exit
code. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Final

__all__ = ["main"]


SWEPT: Final = 100_000
"""So many objects more than before have Python look for rings of references among the new.

Hardly anything here makes such rings. By itself Python would look through all that is imported
and through all the stories again and again, a tenth of the time of a command. Only here is the
process our own: a program that uses the library decides for itself.
"""


def main() -> None:
    """Run the command line of this process, and end the process with its exit code."""
    gc.set_threshold(SWEPT)
    # NumPy brings a library for matrices, which starts threads; there are no matrices here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # Imported here so that Ctrl-C during the imports leaves no traceback either.
        from balletsearch.cli.running import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("balletsearch: stopped.\n")
        code = 130
    # Nor is anything looked for among what goes with the process.
    gc.freeze()
    sys.exit(code)
