-- Q17: no sheets or columns beyond the contract, in workbooks in force and in ledgers.
with failing as (
    select
        case when extras.header is null then 'sheet' else 'column' end as case_id,
        submissions.submission_id,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        extras.sheet,
        null as row_number,
        null as row_identity,
        null as field,
        coalesce(extras.header, extras.sheet) as value,
        {{ quoted('coalesce(extras.header, extras.sheet)') }} as title,
        null as ledger_file
    from {{ ref('stg_lake__extras') }} as extras
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on extras.submission_id = submissions.submission_id and submissions.in_force
    union all
    select
        'ledger_column' as case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        null as report_year,
        ledger as sheet,
        null as row_number,
        ledger_file as row_identity,
        null as field,
        header as value,
        {{ quoted('header') }} as title,
        ledger_file
    from {{ ref('stg_night__ledger_extras') }}
)

{{ select_findings('Q17', 'failing', placeholders=['title', 'sheet', 'ledger_file']) }}
