{%- set placeholders = [
    'zone_name', 'zone_id', 'report_year', 'term_no', 'due_on', 'cure_ends_on', 'days', 'change_id', 'changed_on',
    'clause', 'ground_zh', 'first_evidence', 'evidence_rows', 'file_name', 'seen_on'
] -%}
{%- set of_sources = [
    'source', 'source_title_zh', 'source_title_en', 'failing_since', 'may_fail_for_hours', 'fault_zh', 'fault_en'
] -%}
with worded as (
    select
        scheduled.*,
        {{ filled_in('messages.message_zh', of_sources, 'scheduled') }} as message_zh,
        {{ filled_in('messages.message_en', of_sources, 'scheduled') }} as message_en
    from {{ ref('int_alerts_scheduled') }} as scheduled
    left join {{ ref('alert_messages') }} as messages
        on
            scheduled.kind = messages.kind
            and scheduled.speaks_while = messages.speaks_while
            and scheduled.situation = messages.situation
)

select
    worded.alert_key,
    worded.kind,
    worded.stage,
    worded.subject,
    worded.zone_id,
    worded.authority_code,
    worded.audiences,
    worded.due_on,
    worded.raises_on,
    worded.lapses_on,
    worded.needs_release_of_the_day,
    {{ filled_in('worded.message_zh', placeholders, 'worded') }} as message_zh,
    {{ filled_in('worded.message_en', placeholders, 'worded') }} as message_en
from worded
