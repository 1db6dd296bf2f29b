"""What was written survives a power cut: files and folders are flushed before anything points at them."""

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Wait until the file or folder at ``path`` is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folders(folder: Path) -> None:
    """Wait until the names in ``folder`` and in every folder below it are on the disk."""
    for below in sorted(folder.rglob("*")):
        if below.is_dir():
            flush(below)
    flush(folder)


def replace_text(path: Path, text: str) -> None:
    """Give ``path`` the content ``text`` in one step: a reader finds the old text or the new one."""
    beside = path.with_name(f".{path.name}-new")
    beside.write_text(text, encoding="utf-8")
    flush(beside)
    beside.replace(path)
    flush(path.parent)
