{%- set placeholders = [
    'zone_name', 'zone_id', 'report_year', 'term_no', 'due_on', 'cure_ends_on', 'days', 'change_id', 'changed_on',
    'clause', 'ground_zh', 'first_evidence', 'evidence_rows', 'file_name', 'seen_on'
] -%}
select
    scheduled.alert_key,
    scheduled.kind,
    scheduled.stage,
    scheduled.subject,
    scheduled.zone_id,
    scheduled.authority_code,
    scheduled.audiences,
    scheduled.due_on,
    scheduled.raises_on,
    scheduled.lapses_on,
    scheduled.needs_release_of_the_day,
    {{ filled_in('messages.message_zh', placeholders, 'scheduled') }} as message_zh,
    {{ filled_in('messages.message_en', placeholders, 'scheduled') }} as message_en
from {{ ref('int_alerts_scheduled') }} as scheduled
left join {{ ref('alert_messages') }} as messages
    on
        scheduled.kind = messages.kind
        and scheduled.speaks_while = messages.speaks_while
        and scheduled.situation = messages.situation
