-- The state of every term on the as-of day (Art. 9, 11), and whether its designation is the running one: the
-- newest that has begun by then.
with running_designations as (
    select
        zone_id,
        max(designated_on) as designated_on
    from {{ ref('int_terms_opened') }}
    where first_term_from <= {{ as_of_day() }}
    group by zone_id
)

select
    terms.zone_id,
    terms.designated_on,
    terms.first_term_from,
    terms.term_no,
    terms.term_from,
    terms.term_to,
    terms.not_renewed_on,
    revocations.revoked_on,
    {{ days_between(as_of_day(), 'terms.term_to') }} as days_to_expiry,
    running_designations.zone_id is not null as is_of_running_designation,
    terms.term_from <= {{ as_of_day() }} as has_begun,
    case
        when revocations.revoked_on is not null then 'revoked'
        when {{ as_of_day() }} < terms.term_from then 'valid'
        when {{ as_of_day() }} <= terms.term_to
            then
                case
                    when
                        {{ days_between(as_of_day(), 'terms.term_to') }}
                        <= {{ parameter('expiring_within_days', 'integer') }}
                        then 'expiring'
                    else 'valid'
                end
        when terms.is_renewed then 'renewed'
        when terms.not_renewed_on <= {{ as_of_day() }} then 'not_renewed'
        else 'expired_pending_review'
    end as status
from {{ ref('int_terms_opened') }} as terms
left join {{ ref('int_revocations_attributed') }} as revocations
    on terms.zone_id = revocations.zone_id and terms.term_no = revocations.term_no
left join running_designations
    on
        terms.zone_id = running_designations.zone_id
        and terms.designated_on = running_designations.designated_on
