"""The receiving room: from the inbox to the lake.

Belongs here: receiving files, archiving them by SHA-256, reading workbooks and ledgers, holding them to
pandera contracts, splitting accepted rows from quarantined ones, writing Parquet; and the sample inbox,
which is written from the same contract. Does not belong here: Dagster, dbt, anything that needs two
submissions at once (that is a dbt model), anything that leaves (that is publication).
"""
