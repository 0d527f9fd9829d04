"""A real service with short patience and slow work, for the tests of connections and signals.

python serve_slowly.py SECONDS
"""

import sys
import time

from summarizer.config import RunConfig, parse_config
from summarizer.runner import Runner
from summarizer.serve.app import make_app
from summarizer.serve.limits import Limits
from summarizer.serve.server import bind, run
from summarizer.serve.service import Service

work = Runner.work
seconds = float(sys.argv[1])
Runner.work = lambda self, items: (time.sleep(seconds), work(self, items))[1]  # type: ignore[method-assign]
config = parse_config("summarize: {backend: lead, max_words: 20, min_source_words: 5}\n", RunConfig)
limits = Limits(head_seconds=0.5, body_seconds=1.0, answer_seconds=1.0, body_bytes=200_000)
with bind("127.0.0.1", 0, "") as taken:
    service = make_app(Service(config, limits))
    print(taken.getsockname()[1], flush=True)  # noqa: T201
    run(service, taken, limits, log_requests=False)
