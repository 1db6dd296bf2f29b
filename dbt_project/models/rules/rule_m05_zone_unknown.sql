-- M05: the zone of every submission in force is designated or has an application (Art. 7).
with zones_submitting as (
    select
        zone_id,
        count(*) as submissions
    from {{ ref('int_submissions_versioned') }}
    where in_force
    group by zone_id
),

zones_known as (
    select zone_id from {{ ref('stg_ledgers__designations') }}
    union distinct
    select zone_id from {{ ref('stg_ledgers__applications') }}
),

failing as (
    select
        'unknown' as case_id,
        null as submission_id,
        null as submission_type,
        zones_submitting.zone_id,
        null as report_year,
        'designations' as sheet,
        null as row_number,
        null as row_identity,
        'zone_id' as field,
        zones_submitting.zone_id as value,
        zones_submitting.submissions
    from zones_submitting
    left join zones_known on zones_submitting.zone_id = zones_known.zone_id
    where zones_known.zone_id is null
)

{{ select_findings('M05', 'failing', placeholders=['zone_id', 'submissions']) }}
