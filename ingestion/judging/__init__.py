"""Judging: from what files say (``lake/read``) to verdicts (``lake/judged``) and the night's tables.

Belongs here: the S and V rules of ``quality_rules.csv``, each in one place, as pandera checks that carry the
rule's id; accepted rows, quarantined rows and findings; receipts and append-only ledgers at a moment. Does
not belong here: opening files (``ingestion.reading``), rules that need several submissions (dbt: Q and M).

The way in is ``ingestion.judging.night.judge_night``.
"""
