"""Files that come into a folder, each answered once: claimed, worked on, answered, put away.

``incoming`` finds the files that nobody writes any more, ``folders`` moves them so that a kill at any moment neither
loses one nor answers one twice, ``answer`` holds what is made of one, ``loop`` chains them.
"""

from __future__ import annotations

from summarizer.watch.loop import WatchOptions, watch

__all__ = ["WatchOptions", "watch"]
