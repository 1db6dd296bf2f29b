-- The plan that a term is measured by (Art. 9): of the zone's plans the one that covers most of its days, of
-- equal ones the later. Years are held within the term's, so that no year written can't be a date.
with plans as (
    select
        zone_id,
        plan_from,
        max(plan_to) as plan_to
    from {{ ref('int_plan_targets_followed') }}
    group by zone_id, plan_from
),

term_years as (
    select
        zone_id,
        term_no,
        term_from,
        term_to,
        cast(extract(year from term_from) as integer) as first_year,
        cast(extract(year from term_to) as integer) as last_year
    from {{ ref('int_terms_judged') }}
),

covered as (
    select
        terms.zone_id,
        terms.term_no,
        plans.plan_from,
        plans.plan_to,
        {{ days_between(
            "greatest(terms.term_from, make_date(least(greatest(plans.plan_from, terms.first_year), terms.last_year), 1, 1))",
            "least(terms.term_to, " ~ year_end(
                "least(greatest(plans.plan_to, terms.first_year), terms.last_year)"
            ) ~ ")"
        ) }} as days_covered
    from term_years as terms
    inner join plans
        on
            terms.zone_id = plans.zone_id
            and terms.last_year >= plans.plan_from
            and terms.first_year <= plans.plan_to
),

ranked as (
    select
        *,
        row_number() over (
            partition by zone_id, term_no order by days_covered desc, plan_from desc
        ) as preference
    from covered
)

select
    zone_id,
    term_no,
    plan_from,
    plan_to
from ranked
where preference = 1
