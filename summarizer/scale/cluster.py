"""Connects to a Ray cluster, or starts one on this machine, and says how many workers it has room for."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

from summarizer.errors import UsageError
from summarizer.runtime import RuntimeOptions


@dataclass(frozen=True, slots=True)
class Workers:
    """How many workers there are, and what each takes of its node.

    :param cores: of the CPU.
    :param gpus: 0 or 1.
    """

    count: int
    cores: int
    gpus: int


def connect() -> None:
    """Connect to the cluster that ``RAY_ADDRESS`` names; without it, to one on this machine, started where none runs.

    :raises UsageError: Ray is not installed, or no cluster answers.
    """
    os.environ.setdefault("RAY_DATA_LOG_LEVEL", "ERROR")  # it writes megabytes of progress an hour, and warns of ours
    try:
        import ray
        import ray.data
    except ImportError as error:
        what = f"ray works with Ray Data, which is not installed ({error})"
        mend = "Install it with: pip install 'summarizer[ray]'. Or take the engine local."
        raise UsageError("runtime.engine", what, mend) from error
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray reports to its makers otherwise
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # its coming default; it warns otherwise
    try:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        what = f"'{os.environ.get('RAY_ADDRESS', 'local')}' does not answer ({error})"
        raise UsageError("RAY_ADDRESS", what, "Start the cluster with 'ray start', or unset the variable.") from error


def plan_workers(runtime: RuntimeOptions) -> Workers:
    """Return the workers that a connected cluster shall have: one a GPU, or one a group of cores where there is none.

    :raises UsageError: the cluster has no room for them.
    """
    import ray

    have = ray.cluster_resources()
    all_cores, all_gpus = int(have.get("CPU", 0)), int(have.get("GPU", 0))
    if ":" in runtime.device:
        what = f"{runtime.device} names one GPU, but each worker is given its own"
        raise UsageError("runtime.device", what, "Use cuda or auto with the engine ray.")
    gpus = 1 if runtime.device == "cuda" or (runtime.device == "auto" and all_gpus) else 0
    cores = runtime.threads or 1
    room = min(all_cores // cores, all_gpus) if gpus else all_cores // cores
    count = runtime.workers or room
    if not 0 < count <= room:
        each = f"{cores} core{'s' * (cores > 1)}" + " and a GPU" * gpus
        has = f"the cluster ({all_cores} cores, {all_gpus} GPUs) has room for {room} workers of {each}"
        what = f"{has}, asked for {count}" if count else has
        raise UsageError("runtime.workers", what, "Lower it or runtime.threads, or add nodes to the cluster.")
    return Workers(count, cores, gpus)
