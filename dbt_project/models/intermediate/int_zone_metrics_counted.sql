-- Parts of the metrics about zones and what they have to see to on the as-of day: terms, changes, Article 11.
with terms as (
    select
        zones.authority_code,
        designations.status,
        designations.term_from <= {{ as_of_day() }}
        and designations.term_to >= {{ as_of_day() }}
        and designations.term_to <= {{ months_after(as_of_day(), 'definitions.months_ahead') }} as ends_soon
    from {{ ref('designations') }} as designations
    cross join {{ ref('metric_definitions') }} as definitions
    left join {{ ref('zones') }} as zones on designations.zone_id = zones.zone_id
    where definitions.metric_code = 'terms_expiring_within_year'
),

changes as (
    select
        zones.authority_code,
        change_filings.status
    from {{ ref('change_filings') }} as change_filings
    left join {{ ref('zones') }} as zones on change_filings.zone_id = zones.zone_id
),

clauses as (
    select
        zones.authority_code,
        triggers.clause,
        triggers.state
    from {{ ref('revocation_triggers') }} as triggers
    left join {{ ref('zones') }} as zones on triggers.zone_id = zones.zone_id
),

recommendations as (
    select zones.authority_code
    from {{ ref('int_applications_followed') }} as applications
    inner join {{ ref('zones') }} as zones on applications.zone_id = zones.zone_id
    where extract(year from applications.recommended_on) = extract(year from {{ as_of_day() }})
)

{{ count_metrics(ref('zones'), {
    'zones_listed': '1',
    'zones_designated': one_if('is_designated'),
}) }}
union all
{{ count_metrics('recommendations', {'zones_recommended': '1'}) }}
union all
{{ count_metrics('terms', {
    'terms_expiring_within_year': one_if("status in ('valid', 'expiring') and ends_soon"),
    'terms_awaiting_review': one_if("status = 'expired_pending_review'"),
}) }}
union all
{{ count_metrics('changes', {'changes_overdue': one_if("status = 'overdue'")}) }}
union all
{{ count_metrics('clauses', {
    'revocation_grounds': one_if("state = 'grounds'"),
    'revocation_risks': one_if("state = 'at_risk'"),
}, own_dimension='clause', own_member='clause') }}
