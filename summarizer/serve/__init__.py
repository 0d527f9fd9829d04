"""The service: articles over HTTP in, records out, all from one process with its models loaded once.

``cli.serve`` starts it. A request goes through ``guard`` (may it come in), ``body`` and ``articles`` (what it holds),
``service`` and ``gather`` (the work, together with that of other requests) and back out of ``routes``.
"""
