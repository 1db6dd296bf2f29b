"""Reading: what a file says, cell by cell, as text, once and for all.

Belongs here: opening workbooks and CSV files safely, telling what can't be read and why, and writing what
they say to ``lake/read``. Does not belong here: whether what they say is right (``ingestion.judging``).

Nothing is imported here, so that a child process loads only what it needs. The way in is
``ingestion.reading.new_files.read_new_files``; the way to what was read, ``ingestion.reading.lake``.
"""
