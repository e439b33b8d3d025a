"""How is it shown? Results, stories and reports as text for people and as JSON for programs.

Everything here returns text; nothing prints. Text is safe: whatever a story, a file name or a
query holds, only visible characters come out (:mod:`balletsearch.rendering.characters`).
"""

from __future__ import annotations

__all__: list[str] = []
