"""Outside sources: statistics and registers that come by themselves, from systems that nobody here controls.

Belongs here: what a source's entry in the configuration may say, asking for its answers within bounds,
keeping every answer raw and by hash with the journal of attempts, reading answers by their format and
translating them into rows of a ledger. From there on they are ledger files like those of the inbox.
Does not belong here: Dagster, judging rows (``ingestion.judging``), and what a row means (dbt).
"""
