-- What a rule asks and nobody has settled yet. An answer that confirms or waives settles; a correction that was
-- asked for is still to come.
select zone_id, report_year, sheet, row_number, field, value, expected, message_zh, message_en, failure_id, disposition
from {batch}
where rule_id = '$rule_id' and disposition in ('open', 'correction_requested')
