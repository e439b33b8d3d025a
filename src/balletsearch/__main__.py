"""How does `python -m balletsearch` begin? As the command line does."""

from __future__ import annotations

from balletsearch.cli import main

if __name__ == "__main__":
    main()
