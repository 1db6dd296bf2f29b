-- Every term of every designation (Art. 9): the first from the designation (a legacy zone's from the day the
-- Measures apply), each further one opened by a passed re-review of the term before it.
with recursive designation_starts as (
    select
        zone_id,
        designated_on,
        case
            when
                is_legacy
                then coalesce(try_cast({{ parameter('legacy_term_starts_on') }} as date), designated_on)
            else designated_on
        end as first_term_from
    from {{ ref('stg_ledgers__designations') }}
),

terms as (
    select
        zone_id,
        designated_on,
        first_term_from,
        first_term_from as term_from,
        {{ term_end('first_term_from') }} as term_to
    from designation_starts
    union all
    select
        terms.zone_id,
        terms.designated_on,
        terms.first_term_from,
        {{ next_day('terms.term_to') }} as term_from,
        {{ term_end(next_day('terms.term_to')) }} as term_to
    from terms
    inner join {{ ref('stg_ledgers__re_reviews') }} as re_reviews
        on
            terms.zone_id = re_reviews.zone_id
            and terms.term_to = re_reviews.term_ends_on
            and re_reviews.outcome = 'passed'
)

select
    terms.zone_id,
    terms.designated_on,
    terms.first_term_from,
    row_number() over (partition by terms.zone_id order by terms.designated_on, terms.term_from) as term_no,
    terms.term_from,
    terms.term_to,
    coalesce(re_reviews.outcome = 'passed', false) as is_renewed,
    case
        when
            re_reviews.outcome = 'failed'
            then greatest({{ next_day('terms.term_to') }}, re_reviews.decided_on)
    end as not_renewed_on
from terms
left join {{ ref('stg_ledgers__re_reviews') }} as re_reviews
    on terms.zone_id = re_reviews.zone_id and terms.term_to = re_reviews.term_ends_on
