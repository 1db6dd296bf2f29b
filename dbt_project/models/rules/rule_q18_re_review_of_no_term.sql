-- Q18: a re-review in force decides about the end of a term of its zone (Art. 9).
with terms as (
    select
        zone_id,
        term_to
    from {{ ref('int_terms_opened') }}
),

term_ends as (
    select
        zone_id,
        string_agg(cast(term_to as varchar), ', ' order by term_to) as term_ends
    from terms
    group by zone_id
),

failing as (
    select
        case when term_ends.zone_id is null then 'no_terms' else 'another_day' end as case_id,
        null as submission_id,
        null as submission_type,
        re_reviews.zone_id,
        null as report_year,
        're_reviews' as sheet,
        re_reviews.row_number,
        {{ row_identity(['re_reviews.zone_id', 're_reviews.term_ends_on']) }} as row_identity,
        'term_ends_on' as field,
        re_reviews.term_ends_on as value,
        re_reviews.ledger_file,
        term_ends.term_ends
    from {{ ref('stg_ledgers__re_reviews') }} as re_reviews
    left join term_ends on re_reviews.zone_id = term_ends.zone_id
    left join terms
        on re_reviews.zone_id = terms.zone_id and re_reviews.term_ends_on = terms.term_to
    where terms.zone_id is null
)

{{ select_findings('Q18', 'failing', placeholders=['ledger_file', 'zone_id', 'term_ends']) }}
