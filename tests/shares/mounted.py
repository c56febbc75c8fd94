"""A folder on a server, and the same folder as two machines see it that have mounted it.

SFTP by OpenSSH and sshfs, SMB by Samba and smbnetfs; both mounts keep attributes for a while and
neither can exchange two files, as most shares.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 30
_SMB_PORT = 445
"""The only one that smbnetfs asks."""


@dataclass(frozen=True, slots=True)
class Share:
    """`server` is the folder itself; `mounts` is it as two machines see it."""

    server: Path
    mounts: tuple[Path, Path]


def missing(*programs: str) -> str:
    """Why shares cannot be mounted here; empty where they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root mounts shares"
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "there is no /dev/fuse"
    absent = [name for name in programs if shutil.which(name) is None]
    return f"needs {', '.join(absent)}" if absent else ""


SFTP_NEEDS = ("sshd", "sshfs", "ssh-keygen", "fusermount")
SMB_NEEDS = ("smbd", "smbnetfs", "fusermount")


@contextlib.contextmanager
def over_sftp(root: Path) -> Iterator[Share]:
    """A folder below `root`, mounted twice through sshfs."""
    server = root / "server"
    server.mkdir()
    host_key, key = root / "host_key", root / "key"
    for one in (host_key, key):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", one], check=True)
    port = _free_port()
    config = root / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {host_key}\n"
        f"AuthorizedKeysFile {key}.pub\nStrictModes no\nPermitRootLogin yes\nUsePAM no\n"
        f"PidFile none\nSubsystem sftp internal-sftp\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    command = [shutil.which("sshd") or "sshd", "-D", "-e", "-f", str(config)]
    options = (
        f"IdentityFile={key},StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null,LogLevel=ERROR"
    )
    with contextlib.ExitStack() as stack:
        stack.enter_context(_running(command))
        _until(lambda: _answers(port), "the SSH server")
        mounts = []
        for number in (1, 2):
            mount = root / f"machine {number}"
            mount.mkdir()
            source = f"root@127.0.0.1:{server}"
            subprocess.run(
                ["sshfs", "-p", str(port), "-o", options, source, mount],
                check=True, timeout=PATIENCE_SECONDS,
            )  # fmt: skip
            stack.callback(_unmount, mount)
            mounts.append(mount)
        yield Share(server, (mounts[0], mounts[1]))


@contextlib.contextmanager
def over_smb(root: Path) -> Iterator[Share]:
    """A folder below `root`, mounted twice through smbnetfs."""
    server, private = root / "server", root / "private"
    server.mkdir()
    private.mkdir(mode=0o700)
    folders = ("private dir", "lock directory", "state directory", "cache directory",
               "pid directory")  # fmt: skip
    config = root / "smb.conf"
    config.write_text(
        f"[global]\nsmb ports = {_SMB_PORT}\nbind interfaces only = yes\n"
        "interfaces = 127.0.0.1\nserver role = standalone server\nmap to guest = Bad User\n"
        "guest account = root\ndisable spoolss = yes\nload printers = no\n"
        + "".join(f"{name} = {private}\n" for name in folders)
        + f"ncalrpc dir = {private}/rpc\nlog file = {private}/log\n"
        f"[share]\npath = {server}\nguest ok = yes\nread only = no\nforce user = root\n"
    )
    command = [shutil.which("smbd") or "smbd", "-F", "--no-process-group", "-s", str(config)]
    with contextlib.ExitStack() as stack:
        stack.enter_context(_running(command))
        _until(lambda: _answers(_SMB_PORT), "the SMB server")
        mounts = []
        for number in (1, 2):
            home, mount = root / f"home {number}", root / f"machine {number}"
            mount.mkdir()
            settings = home / ".smb"
            settings.mkdir(parents=True)
            (settings / "smb.conf").write_text(
                "[global]\nclient min protocol = SMB2\nname resolve order = host\n"
                f"smb ports = {_SMB_PORT}\n"
            )
            for name in ("smbnetfs.conf", "smbnetfs.auth", "smbnetfs.host"):
                (settings / name).touch(mode=0o600)
            subprocess.run(
                ["smbnetfs", mount, "-o", f"config={settings / 'smbnetfs.conf'}"],
                check=True, timeout=PATIENCE_SECONDS, env=os.environ | {"HOME": str(home)},
            )  # fmt: skip
            stack.callback(_unmount, mount)
            share = mount / "127.0.0.1" / "share"
            _until(share.is_dir, "the mounted share")
            mounts.append(share)
        yield Share(server, (mounts[0], mounts[1]))


def port_is_free(port: int = _SMB_PORT) -> bool:
    """Whether a server of ours may listen there."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)


def _unmount(mount: Path) -> None:
    subprocess.run(["fusermount", "-u", "-z", mount], check=False, capture_output=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


def _until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come up")
        time.sleep(0.1)
