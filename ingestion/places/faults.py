"""What a place answers instead of what was asked; every back end's own errors become one of these."""


class FaultError(Exception):
    """No answer, for a reason of the place; ``str(error)`` is its own word for it."""


class GoneError(FaultError):
    """There is nothing of the name (any more)."""


class RefusedError(FaultError):
    """The place will not give this one thing, however often it is asked."""


class ChangedError(FaultError):
    """It is no longer what was listed."""


class ClosedError(FaultError):
    """The place lets nobody in who asks like this: a login, a server's key, a setting."""


class BrokenError(FaultError):
    """The connection broke or nothing was answered in time: another attempt may succeed."""


class TooManyBreaksError(FaultError):
    """The connection broke more often than a night puts up with."""
