"""How does the shell reach the library? `balletsearch COMMAND`: this is where it starts.

A command parses, calls the library once, hands the result to a renderer and returns an exit
code. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line of this process, and end the process with its exit code."""
    # NumPy brings a library for matrices, which starts threads; there are no matrices here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # Imported here so that Ctrl-C during the imports leaves no traceback either.
        from balletsearch.cli.running import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("balletsearch: stopped.\n")
        code = 130
    sys.exit(code)
