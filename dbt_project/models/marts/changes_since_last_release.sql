{%- set of_subject = [
    'zone_name', 'zone_id', 'report_year', 'submission_type_zh', 'submission_type_en', 'item', 'item_zh',
    'item_short', 'file_name', 'side_zh', 'side_en', 'clause_zh', 'clause_en'
] -%}
{%- set of_cause = [
    'because', 'because_short', 'because_source', 'because_from_short', 'because_to_short', 'because_place',
    'ledger_zh', 'ledger_en', 'said_zh', 'said_en'
] -%}
{%- set parts_zh = ['subject_zh', 'from_zh', 'to_zh', 'cause_zh'] -%}
{%- set parts_en = ['subject_en', 'from_en', 'to_en', 'cause_en'] -%}
-- What changed since the last release, a row a cause, told in Chinese and English by the seeds of wording.
with words as (
    select
        kind,
        code,
        zh,
        en
    from {{ ref('messages') }}
    union all
    select
        kind,
        coalesce(code, '') as code,
        zh,
        en
    from {{ ref('change_words') }}
),

told as (
    select
        changes.change_key,
        changes.subject_kind,
        changes.mart,
        changes.zone_id,
        cast(changes.report_year as integer) as report_year,
        changes.assessment_id,
        changes.item,
        changes.field,
        changes.from_value,
        changes.to_value,
        causes.because_kind,
        causes.because_source,
        causes.because,
        causes.because_from,
        causes.because_to,
        causes.because_place,
        {{ quoted('coalesce(zones.zone_name, changes.zone_id)') }} as zone_name,
        types.zh as submission_type_zh,
        types.en as submission_type_en,
        coalesce(criteria.name_zh, indicators.name_zh) as item_zh,
        left(changes.item, 12) as item_short,
        {{ quoted('coalesce(submissions.file_name, last_submissions.file_name)') }} as file_name,
        sides.zh as side_zh,
        concat(case when sides.en is not null then ' ' end, sides.en) as side_en,
        left(causes.because, 12) as because_short,
        left(causes.because_from, 12) as because_from_short,
        left(causes.because_to, 12) as because_to_short,
        subjects.subject_zh,
        subjects.subject_en,
        wording.cause_zh,
        wording.cause_en,
        {% for language in ['zh', 'en'] %}
            coalesce(from_words.{{ language }}, changes.from_value, none_words.{{ language }})
                as from_{{ language }},
            coalesce(to_words.{{ language }}, changes.to_value, none_words.{{ language }})
                as to_{{ language }},
            transitions.{{ language }} as transition_{{ language }},
            clauses.{{ language }} as clause_{{ language }},
            coalesce(ledgers.{{ language }}, causes.because_source) as ledger_{{ language }},
            case
                when coalesce(causes.because_from, causes.because_to) is not null
                    then replace(
                        replace(
                            cause_values.{{ language }}, '{because_from}', coalesce(causes.because_from, '—')
                        ),
                        '{because_to}', coalesce(causes.because_to, '—')
                    )
            end as said_{{ language }},
        {% endfor %}
        row_number() over (
            partition by changes.change_key
            order by causes.because_kind, causes.because_source, causes.because
        ) as cause_no
    from {{ ref('int_changes_noticed') }} as changes
    inner join {{ ref('int_causes_attributed') }} as causes on changes.change_key = causes.change_key
    left join {{ ref('change_subjects') }} as subjects on changes.subject_kind = subjects.subject_kind
    left join {{ ref('change_causes') }} as wording
        on
            causes.because_kind = wording.because_kind
            and causes.what_became = wording.what_became
            and (wording.because_source is null or causes.because_source = wording.because_source)
    left join words as from_words on subjects.words = from_words.kind and changes.from_value = from_words.code
    left join words as to_words on subjects.words = to_words.kind and changes.to_value = to_words.code
    left join words as none_words on none_words.kind = 'none'
    left join words as transitions on transitions.kind = 'transition'
    left join words as cause_values on cause_values.kind = 'cause_values'
    left join words as clauses
        on
            changes.subject_kind = 'revocation_trigger'
            and clauses.kind = 'clause'
            and changes.item = clauses.code
    left join words as ledgers
        on
            causes.because_kind = 'ledger_row'
            and ledgers.kind = 'ledger'
            and causes.because_source = ledgers.code
    left join words as sides on sides.kind = 'side' and changes.field like concat(sides.code, '_%')
    left join words as types
        on types.kind = 'submission_type' and split_part(changes.assessment_id, '|', 2) = types.code
    left join {{ ref('zones') }} as zones on changes.zone_id = zones.zone_id
    left join {{ ref('criteria') }} as criteria
        on changes.subject_kind = 'criterion' and changes.item = criteria.criterion_id
    left join {{ ref('indicator_definitions') }} as indicators
        on changes.subject_kind = 'indicator' and changes.item = indicators.indicator_code
    left join {{ ref('submissions') }} as submissions
        on changes.subject_kind = 'submission' and changes.item = submissions.submission_id
    left join {{ ref('stg_last_release__submissions') }} as last_submissions
        on changes.subject_kind = 'submission' and changes.item = last_submissions.submission_id
),

worded as (
    select
        * replace (
            {{ filled_in('told.subject_zh', of_subject, 'told') }} as subject_zh,
            {{ filled_in('told.subject_en', of_subject, 'told') }} as subject_en,
            {{ filled_in('told.cause_zh', of_cause, 'told') }} as cause_zh,
            {{ filled_in('told.cause_en', of_cause, 'told') }} as cause_en
        )
    from told
)

select
    worded.change_key,
    cast(worded.cause_no as integer) as cause_no,
    {{ of_this_release('number', 'integer') }} as release_id,
    (select cast(compared.release_id as integer) from {{ ref('stg_last_release__compared') }} as compared)
        as since_release_id,
    worded.subject_kind,
    worded.mart,
    worded.zone_id,
    worded.report_year,
    worded.assessment_id,
    worded.item,
    worded.field,
    worded.from_value,
    worded.to_value,
    worded.because_kind,
    worded.because_source,
    worded.because,
    worded.because_from,
    worded.because_to,
    worded.because_place,
    worded.cause_zh,
    worded.cause_en,
    {{ filled_in('worded.transition_zh', parts_zh, 'worded') }} as message_zh,
    {{ filled_in('worded.transition_en', parts_en, 'worded') }} as message_en
from worded
