"""Where an inbox may lie: a folder, an SFTP server, an S3-compatible store, whatever else fsspec opens.

Belongs here: addresses and how they are told, opening a place with its back end, what its answers mean, and
asking again when a connection breaks. Does not belong here: which files matter (``ingestion.inbox``) and what
becomes of them (``ingestion.receive``). Nothing here writes to a place.
"""
