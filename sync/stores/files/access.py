"""Who may read and write a file, carried over to the file that takes its place.

POSIX alone: on Windows a new file has the permissions of its folder.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import BinaryIO

_ACCESS_LIST = "system.posix_acl_access"
_READ_AND_WRITE = 0o6


def carry_over(old: BinaryIO, new: BinaryIO, *, on_share: bool) -> bool:
    """Give `new` mode, owner, group, access list and `user.*` attributes of `old`.

    `on_share`: access lists are the server's business there; some mounts break off when asked.

    Its owner may always write. False where somebody who could read or write the old file could not
    do so with the new one: a job that is not root cannot give a file away.

    Raises:
        OSError: the mode cannot be set.
    """
    if sys.platform == "win32":
        return True
    wanted, descriptor = os.fstat(old.fileno()), new.fileno()
    # One at a time: whoever may not give a file away may still give it to a group of its own.
    for owner, group in ((-1, wanted.st_gid), (wanted.st_uid, -1)):
        with suppress(PermissionError):
            os.fchown(descriptor, owner, group)
    os.fchmod(descriptor, stat.S_IMODE(wanted.st_mode) | stat.S_IWUSR)
    attributes = {} if on_share else _attributes(old)
    for name, value in attributes.items():
        with suppress(OSError):
            os.setxattr(descriptor, name, value)
    if _ACCESS_LIST in attributes and _ACCESS_LIST not in _attributes(new):
        return False
    return not _shuts_out(wanted, os.fstat(descriptor))


def _attributes(file: BinaryIO) -> dict[str, bytes]:
    """Its access list and what programs have noted down about it; nothing where it has none."""
    if sys.platform != "linux":
        return {}
    found = {}
    with suppress(OSError):  # shares know no such thing, in many words
        for name in os.listxattr(file.fileno()):
            if name == _ACCESS_LIST or name.startswith("user."):
                found[name] = os.getxattr(file.fileno(), name)
    return found


def _shuts_out(old: os.stat_result, new: os.stat_result) -> bool:
    """Whether the owner or the group of the old file may do less with the new one."""
    for_group, for_all = new.st_mode >> 3 & _READ_AND_WRITE, new.st_mode & _READ_AND_WRITE
    if old.st_gid != new.st_gid and (old.st_mode >> 3 & _READ_AND_WRITE) & ~for_all:
        return True
    if old.st_uid in {new.st_uid, 0}:
        return False
    may = for_all | (for_group if _is_member(old.st_uid, new.st_gid) else 0)
    return bool((old.st_mode >> 6 & _READ_AND_WRITE) & ~may)


def _is_member(user: int, group: int) -> bool:
    if sys.platform == "win32":
        return False
    import pwd  # noqa: PLC0415  not on Windows

    try:
        account = pwd.getpwuid(user)
    except KeyError:  # a number without a name, as on shares
        return False
    return group in os.getgrouplist(account.pw_name, account.pw_gid)
