with dossiers as (select * from {batch})

select
    coalesce(dossiers.zone_id, terms.zone_id) as zone_id,
    coalesce(dossiers.term_no, terms.term_no) as term_no,
    dossiers.status,
    terms.status as status_of_the_term
from dossiers
full join marts.designations as terms using (zone_id, term_no)
where dossiers.term_to is distinct from terms.term_to or dossiers.status is distinct from terms.status
