"""The shelf: the marts of the current release once more, in PostgreSQL, for offices that have a server.

Belongs here: loading a published release beside the marts that readers hold, and swapping it in.
Does not belong here: what a release is (``publication.releases``), and computing anything.
The public seam is ``publication.postgres.shelf``, which needs the extra ``postgres``.
"""
