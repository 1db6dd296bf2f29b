"""The ways a night can end that are nobody's bug: each has a message for people and an exit code.

Anything else that goes wrong is a bug and shows its traceback.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from orchestration.nightly_run import NightReport


class CoopzonesError(Exception):
    """A clear end: ``str(error)`` is the whole message, Chinese and English; ``exit_code`` goes out."""

    exit_code = 1


class SettingsError(CoopzonesError):
    """A variable of the environment has a value that cannot be used."""

    exit_code = 2


class HomeNotWritableError(CoopzonesError):
    """The home cannot be written."""

    exit_code = 2

    @classmethod
    def of(cls, home: Path, error: OSError) -> Self:
        """Give the error for the home ``home``, of which the system said ``error``."""
        return cls(
            f"不能写入 COOPZONES_HOME“{home}”：{error.strerror}。请换一个可写的文件夹。\n"
            f'  COOPZONES_HOME="{home}" cannot be written: {error.strerror}. Name a folder that can.'
        )


class RunInProgressError(CoopzonesError):
    """Another run holds the home's lock."""

    exit_code = 3


class NightFailedError(CoopzonesError):
    """The night ended without a release, for a reason that its message names."""


class ShelfFailedError(CoopzonesError):
    """The release stands published in its files, and the PostgreSQL shelf did not take it."""

    exit_code = 4


class NightUnshelvedError(ShelfFailedError):
    """A night ended so: ``report`` is what it published all the same."""

    def __init__(self, message: str, report: "NightReport") -> None:
        super().__init__(message)
        self.report = report


class DbtFailedError(Exception):
    """dbt could not build a model or a seed, or could not start: a defect of the project or its inputs."""
