-- Q15: of the rows of one key that a ledger recorded last, no two differ; the last in path and row order
-- counts, and whoever keeps the ledger says whether that is meant.
with moments_that_differ as (
    select
        ledger,
        row_identity,
        recorded_at
    from {{ ref('stg_ledgers__recorded_rows') }}
    group by ledger, row_identity, recorded_at
    having min(contents) <> max(contents)
),

differing as (
    select
        ledger,
        row_identity,
        max(recorded_at) as recorded_at
    from moments_that_differ
    group by ledger, row_identity
),

rows_of_the_keys as (
    select
        recorded.ledger,
        recorded.row_identity,
        recorded.recorded_at,
        recorded.ledger_file,
        recorded.row_number,
        differing.recorded_at as differing_at,
        max(recorded.recorded_at) over one_key as last_recorded_at,
        row_number() over (
            partition by recorded.ledger, recorded.row_identity
            order by recorded.recorded_at desc, recorded.ledger_file desc, recorded.row_number desc
        ) as place_from_the_last
    from {{ ref('stg_ledgers__recorded_rows') }} as recorded
    inner join differing
        on recorded.ledger = differing.ledger and recorded.row_identity = differing.row_identity
    window one_key as (partition by recorded.ledger, recorded.row_identity)
),

last_rows as (
    select *
    from rows_of_the_keys
    where recorded_at = differing_at and recorded_at = last_recorded_at
),

other_rows as (
    select
        ledger,
        row_identity,
        string_agg(concat(ledger_file, ':', row_number), '、' order by ledger_file, row_number) as places
    from last_rows
    where place_from_the_last > 1
    group by ledger, row_identity
),

failing as (
    select
        'differing' as case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        null as report_year,
        last_rows.ledger as sheet,
        last_rows.row_number,
        last_rows.row_identity,
        'recorded_at' as field,
        last_rows.recorded_at as value,
        last_rows.ledger_file,
        {{ quoted("replace(last_rows.row_identity, chr(30), ' ')") }} as ledger_key,
        {{ quoted('other_rows.places') }} as other_places
    from last_rows
    inner join other_rows
        on last_rows.ledger = other_rows.ledger and last_rows.row_identity = other_rows.row_identity
    where last_rows.place_from_the_last = 1
)

{{ select_findings('Q15', 'failing', placeholders=['ledger_file', 'ledger_key', 'other_places']) }}
