"""What goes back to a zone: its workbook with the cells marked, or the list of what was found.

Belongs here: where a finding stands in a workbook, how it is marked and worded there, which submissions go
back in a release. Does not belong here: what is found (``ingestion.judging``, ``dbt_project/models/rules``).
"""
