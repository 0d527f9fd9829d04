"""Carries out the Dockerfile's instructions in folders, and runs what comes of it as a container engine would.

bubblewrap gives the namespaces. The operating system and Python are this machine's own instead of the base image's,
seen read-only; everything else comes from the instructions.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dockerfile import Context, Instruction

SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/sbin")
PYTHON = Path(sys.base_prefix)
HOST_PATH = f"{PYTHON}/bin:/usr/local/bin:/usr/bin:/bin"
BUILD_CAPABILITIES = ("--cap-add", "ALL")
USER_CAPABILITIES = tuple(word for name in ("SETUID", "SETGID", "SETPCAP") for word in ("--cap-add", f"CAP_{name}"))


@dataclass(slots=True)
class Stage:
    """A stage's root folder and settings.

    :param wheels: a folder of packages that pip takes into account when something is built.
    """

    root: Path
    wheels: Path | None = None
    env: dict[str, str] = field(default_factory=lambda: {"PATH": HOST_PATH, "HOME": "/root"})
    args: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    user: str = "0:0"
    settings: dict[str, Instruction] = field(default_factory=dict)

    def words(self, name: str) -> list[str]:
        """The words of a setting such as ENTRYPOINT."""
        return self.settings[name].words

    def build(self, instructions: Sequence[Instruction], context: Context, earlier: Mapping[str, Stage]) -> None:
        """Carry out a stage's instructions.

        :raises subprocess.CalledProcessError: a RUN failed.
        """
        for one in instructions:
            known = {**self.args, **self.env}
            if one.name == "ARG":
                self.args = {**one.pairs(known), **self.args}
            elif one.name == "ENV":
                self.env |= one.pairs(known)
            elif one.name == "WORKDIR":
                self.directory = one.value
                self.inside(one.value).mkdir(parents=True, exist_ok=True)
            elif one.name == "USER":
                self.user = one.value
            elif one.name == "COPY":
                self._copy(one, context, earlier)
            elif one.name == "RUN":
                self._run(one.value)
            else:
                self.settings[one.name] = one

    def inside(self, path: str) -> Path:
        """Return where a path of the stage, from its working directory where it is not absolute, lies here."""
        return self.root / os.path.join(self.directory, path).lstrip("/")

    def _copy(self, one: Instruction, context: Context, earlier: Mapping[str, Stage]) -> None:
        *sources, target = one.words
        into = self.inside(target)
        for name in sources:
            if "from" in one.flags:
                shutil.copytree(earlier[one.flags["from"]].inside(name), into, symlinks=True, copy_function=os.link)
                continue
            if not context.has(name):
                raise FileNotFoundError(f"COPY {name}: it is not there, or .dockerignore leaves it out.")
            source = context.root / name
            if source.is_dir():
                shutil.copytree(source, into, ignore=context.leaves_out, dirs_exist_ok=True)
                continue
            file = into / source.name if target.endswith("/") else into
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, file)

    def _run(self, command: str) -> None:
        env = {**self.args, **self.env, **{key: value for key, value in os.environ.items() if key.startswith("PIP_")}}
        binds = ["--bind", str(self.root), "/", "--ro-bind", "/etc", "/etc"]
        if self.wheels:
            env["PIP_FIND_LINKS"] = str(self.wheels)
            binds += ["--ro-bind", str(self.wheels), str(self.wheels)]
        argv = [*self._sandbox(binds, env), *BUILD_CAPABILITIES, "--", "/bin/sh", "-c", command]
        subprocess.run(argv, check=True)

    def start(self, arguments: Sequence[str], data: Path, env: Mapping[str, str] | None = None) -> Container:
        """Start ENTRYPOINT with arguments, as process 1: root read-only, no network, no capability, one volume.

        :param data: the folder that is the volume, the one place but /tmp that can be written.
        """
        [volume] = self.words("VOLUME")
        binds = ["--ro-bind", str(self.root), "/", "--bind", str(data), volume]
        uid, gid = self.user.split(":")
        drop = ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--inh-caps", "-all"]
        drop += ["--bounding-set", "-all", "--no-new-privs", "--"]
        for mounted in (*SYSTEM, "/proc", "/dev", "/tmp", str(PYTHON), volume):
            (self.root / mounted.lstrip("/")).mkdir(parents=True, exist_ok=True)
        for above in PYTHON.parents:  # a Python in somebody's home folder, which bubblewrap makes as private as that is
            (self.root / str(above).lstrip("/")).chmod(0o755)
        report, told = os.pipe()
        sandbox = self._sandbox(binds, {**self.env, **(env or {})})
        options = ["--unshare-net", "--as-pid-1", "--info-fd", str(told), *USER_CAPABILITIES, "--"]
        argv = [*sandbox, *options, *drop, *self.words("ENTRYPOINT"), *arguments]
        process = subprocess.Popen(argv, pass_fds=[told], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        os.close(told)
        with os.fdopen(report) as lines:
            pid = json.load(lines)["child-pid"]
        container = Container(process, pid, self.user, {**self.env, **(env or {})})
        atexit.register(container.kill)
        return container

    def _sandbox(self, binds: Sequence[str], env: Mapping[str, str]) -> list[str]:
        argv = ["bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--clearenv", *binds]
        for path in SYSTEM:
            if Path(path).is_dir():
                argv += ["--ro-bind", path, path]
        if not PYTHON.is_relative_to("/usr"):
            argv += ["--ro-bind", str(PYTHON), str(PYTHON)]
        argv += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp", "--chdir", self.directory]
        for key, value in env.items():
            argv += ["--setenv", key, value]
        return argv


@dataclass(frozen=True, slots=True)
class Container:
    """Something that runs in a sandbox.

    :param process: bubblewrap, which ends with the exit code of what it runs.
    :param pid: of process 1 of the sandbox, as this machine counts.
    """

    process: subprocess.Popen[str]
    pid: int
    user: str
    env: Mapping[str, str]

    def execute(self, command: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command inside, as the same user, as ``docker exec`` does.

        :param given: its standard input.
        """
        uid, gid = self.user.split(":")
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--net", "--pid", "--ipc", "--uts"]
        enter += [f"--setuid={uid}", f"--setgid={gid}", "--", "env", "-i"]
        words = [*enter, *(f"{key}={value}" for key, value in self.env.items()), *command]
        return subprocess.run(words, input=given, capture_output=True, text=True, check=False)

    def stop(self, number: int, timeout_seconds: float) -> tuple[int, str]:
        """Send a signal to process 1; return the exit code and everything that was said.

        :raises subprocess.TimeoutExpired: it goes on.
        """
        os.kill(self.pid, number)
        said, _ = self.process.communicate(timeout=timeout_seconds)
        return self.process.returncode, said

    def kill(self) -> None:
        """End process 1, and all with it, where it still runs; ending bubblewrap alone would leave it."""
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def memory_megabytes(self) -> tuple[int, int]:
        """Return what process 1 has of memory now, and had at most."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines()
        kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmRSS", "VmHWM"))}
        return kilobytes["VmRSS"] // 1024, kilobytes["VmHWM"] // 1024
