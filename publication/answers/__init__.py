"""Answers to findings: offered as a sheet to complete, checked when it is, written as a ledger's CSV file.

Belongs here: the way from an open finding to a row of the ledger dispositions, and the history of such rows.
Does not belong here: what an answer does (``dbt_project``), what a ledger's row is held to
(``ingestion.judging``).
"""
