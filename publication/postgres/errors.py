"""What can go wrong with the shelf that a person can mend. In every case readers keep what they had."""

from publication.errors import ReleaseError


class ShelfError(ReleaseError):
    """PostgreSQL did not take the release; the marts that readers had there are still the ones they have."""


class UnreadableAddressError(ShelfError):
    """``COOPZONES_POSTGRES_URL`` is no address; it is not repeated, since it may hold a password."""


class ServerError(ShelfError):
    """The server is not there, refused, or failed on the way; its own words are part of the message."""


class UnsuitableDatabaseError(ShelfError):
    """The database or the role of the readers is not such that a release may be loaded."""


class UnloadableMartError(ShelfError):
    """A mart can't be held by PostgreSQL as it is: its types, its key, or rows got lost on the way."""


class ShelfInUseError(ShelfError):
    """Another load was in progress for longer than one waits."""


class NothingToShelveError(ShelfError):
    """There is no current release."""
