-- M04: an authority recommends within its quota of the calendar year (2025 notice); over it, every
-- recommendation of the authority in that year fails. A year without a quota has no known limit.
with recommendations as (
    select
        applications.zone_id,
        applications.report_year,
        applications.stage,
        applications.ledger_file,
        applications.row_number,
        zones.authority_code,
        zones.authority_name,
        cast(extract(year from applications.occurred_on) as integer) as recommended_in
    from {{ ref('stg_ledgers__applications') }} as applications
    inner join {{ ref('zones') }} as zones on applications.zone_id = zones.zone_id
    where applications.stage = 'recommended'
),

counted as (
    select
        recommendations.*,
        count(*) over (
            partition by recommendations.authority_code, recommendations.recommended_in
        ) as recommended
    from recommendations
),

failing as (
    select
        'over_quota' as case_id,
        null as submission_id,
        null as submission_type,
        counted.zone_id,
        counted.report_year,
        'applications' as sheet,
        counted.row_number,
        {{ row_identity(['counted.zone_id', 'counted.report_year', 'counted.stage']) }} as row_identity,
        'stage' as field,
        counted.stage as value,
        counted.ledger_file,
        counted.authority_name,
        counted.authority_code,
        counted.recommended_in,
        counted.recommended,
        quotas.quota
    from counted
    inner join {{ ref('recommendation_quotas') }} as quotas
        on counted.authority_code = quotas.authority_code and counted.recommended_in = quotas.year
    where counted.recommended > quotas.quota
)

{{ select_findings('M04', 'failing', placeholders=[
    'ledger_file', 'zone_id', 'authority_name', 'authority_code', 'recommended_in', 'recommended', 'quota',
]) }}
