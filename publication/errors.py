"""What can go wrong with releases that a person can mend. Every message is Chinese, then English."""


class ReleaseError(Exception):
    """A release can't be built, found or trusted; the message says what, where and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


class IncompleteReleaseError(ReleaseError):
    """Something that every release holds is not there, so none is made."""


class AlreadyPublishedError(ReleaseError):
    """A release of this number stands; it is never made a second time."""


class UnknownReleaseError(ReleaseError):
    """No release has the number that was asked for."""


class DamagedReleaseError(ReleaseError):
    """A release's files are not those that its manifest names."""


class NothingToRollBackToError(ReleaseError):
    """No release stands before the current one."""


class UnknownCodeError(ReleaseError):
    """A zone, an authority or a type of submission is not known."""


class UnscheduledReleaseError(ReleaseError):
    """A release has no schedule of alerts: it was made before there was one."""


class UnusableAddressError(ReleaseError):
    """An address of a database is none, or names no database."""
