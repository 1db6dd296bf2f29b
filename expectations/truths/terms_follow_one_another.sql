with terms as (
    select
        zone_id,
        term_no,
        term_from,
        term_to,
        lag(term_no, 1, 0) over zone_terms as term_no_before,
        lag(term_from) over zone_terms as term_from_before
    from {batch}
    window zone_terms as (partition by zone_id order by term_no)
)

select *
from terms
where term_no <> term_no_before + 1 or term_from <= term_from_before or term_to < term_from
