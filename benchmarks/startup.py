"""How long does a command take as a whole process?

    python benchmarks/startup.py [STORIES]

Times `balletsearch --help` and three searches over a small folder of stories (default:
`seeds/`), and prints the median and the largest of 15 runs each, in milliseconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 15
COMMANDS = {
    "--help": ["--help"],
    "search, words in the index": ["search", '"swan lake" dancer:kalmurzaev', "--facet", "work"],
    "search, a word that is not": ["search", "arabesquing"],
    "search, fuzzy": ["search", "viktoria~"],
}


def milliseconds(command: list[str], folder: str) -> float:
    """How long one run takes."""
    # An installed package has its modules compiled, whatever is set where this is run.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "balletsearch", "--index", f"{folder}/index", *command],
        check=False,
        capture_output=True,
        env=environment,
    )
    return 1_000 * (time.perf_counter() - start)


def main() -> None:
    """Build an index, run each command and print the table."""
    stories = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).parent.parent / "seeds")
    with tempfile.TemporaryDirectory() as folder:
        milliseconds(["index", stories], folder)
        print(f"| {'command':28} | median | largest |\n|{'-' * 30}|--------|---------|")
        for name, command in COMMANDS.items():
            times = [milliseconds(command, folder) for _ in range(RUNS)]
            print(f"| {name:28} | {statistics.median(times):6.0f} | {max(times):7.0f} |")


if __name__ == "__main__":
    main()
