-- What this release rests on, so that the next one can say which of it changed: ledger rows in force, the
-- statistics that count, the rows of the standard. Of a ledger row only what may leave is told; of the rest
-- there is a digest. Submissions and parameters stand in marts of their own.
with ledger_rows as (
    select
        'ledger_row' as input_kind,
        ledger as source,
        replace(row_identity, chr(30), '|') as input_key,
        scope,
        matter,
        says,
        contents,
        concat(ledger_file, ':', row_number) as place
    from {{ ref('stg_ledgers__recorded_rows') }}
    where is_in_force and ledger <> 'provincial_statistics'
),

statistics as (
    select
        'statistic' as input_kind,
        'provincial_statistics' as source,
        concat_ws('|', chosen.region_code, chosen.year, chosen.indicator) as input_key,
        chosen.region_code as scope,
        chosen.indicator as matter,
        concat(
            {{ written_plainly('chosen.value_10k') }},
            ' (', concat_ws(', ', chosen.published_on, chosen.scope), ')'
        ) as says,
        -- The same figure published again on another day says nothing new.
        concat_ws('|', {{ written_plainly('chosen.value_10k') }}, coalesce(chosen.scope, '')) as contents,
        concat(chosen.ledger_file, ':', chosen.row_number) as place
    from {{ ref('int_statistics_chosen') }} as chosen
),

standard as (
    select
        'rule' as input_kind,
        'criteria' as source,
        criterion_id as input_key,
        null as scope,
        indicator_code as matter,
        concat_ws(
            ' ', operator, {{ written_plainly('threshold') }}, binding,
            concat(from_report_year, '..', to_report_year)
        ) as says,
        concat_ws('|', says, requirement_id, dimension, indicator_code, relaxable) as contents,
        null as place
    from {{ ref('criteria') }}
    union all
    select
        'rule' as input_kind,
        'dimensions' as source,
        dimension as input_key,
        null as scope,
        dimension as matter,
        concat_ws(' / ', {{ written_plainly('points') }}, {{ written_plainly('minimum') }}) as says,
        says as contents,
        null as place
    from {{ ref('dimensions') }}
),

united as (
    select * from ledger_rows
    union all
    select * from statistics
    union all
    select * from standard
)

select
    input_kind,
    source,
    input_key,
    scope,
    matter,
    says,
    left(sha256(contents), 32) as fingerprint,
    place
from united
