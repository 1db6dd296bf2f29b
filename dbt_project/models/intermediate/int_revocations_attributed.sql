-- The terms that a revocation ends, once its day has come (Art. 11): of the designation then running (the
-- newest that had begun), the term running on that day or awaiting re-review then, and those that follow it.
with designations_begun as (
    select
        revocations.zone_id,
        revocations.revoked_on,
        max(terms.designated_on) as designated_on
    from {{ ref('stg_ledgers__revocations') }} as revocations
    inner join {{ ref('int_terms_opened') }} as terms
        on revocations.zone_id = terms.zone_id and terms.first_term_from <= revocations.revoked_on
    where revocations.revoked_on <= {{ as_of_day() }}
    group by revocations.zone_id, revocations.revoked_on
)

select
    terms.zone_id,
    terms.term_no,
    min(designations_begun.revoked_on) as revoked_on
from designations_begun
inner join {{ ref('int_terms_opened') }} as terms
    on
        designations_begun.zone_id = terms.zone_id
        and designations_begun.designated_on = terms.designated_on
where
    terms.term_to >= designations_begun.revoked_on
    or (
        not terms.is_renewed
        and (terms.not_renewed_on is null or terms.not_renewed_on > designations_begun.revoked_on)
    )
group by terms.zone_id, terms.term_no
