"""The blank workbook that zones fill in, and the guide that goes with it.

Belongs here: what a zone is given to write into. Every sheet, header, listed value, limit and note comes from
the seeds, so that the form and what is checked cannot drift apart. Does not belong here: the rules
(``ingestion.judging``).

The workbook holds the sheets of the contract and nothing else: a sheet of explanations inside it would be a
finding (Q17) of every submission, so the guide is a workbook of its own beside it.
"""
