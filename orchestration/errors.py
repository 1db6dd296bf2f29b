"""The ways a night can end that are nobody's bug: each has a message for people and an exit code.

Anything else that goes wrong is a bug and shows its traceback.
"""


class CoopzonesError(Exception):
    """A clear end: ``str(error)`` is the whole message, Chinese and English; ``exit_code`` goes out."""

    exit_code = 1


class SettingsError(CoopzonesError):
    """A variable of the environment has a value that cannot be used."""

    exit_code = 2


class HomeNotWritableError(CoopzonesError):
    """The home cannot be written."""

    exit_code = 2


class RunInProgressError(CoopzonesError):
    """Another run holds the home's lock."""

    exit_code = 3


class NightFailedError(CoopzonesError):
    """The night ended without a release, for a reason that its message names."""


class DbtFailedError(Exception):
    """dbt could not build a model or a seed, or could not start: a defect of the project or its inputs."""
