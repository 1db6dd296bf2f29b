-- Every visible submission: accepted or rejected, its version, and whether it is in force.
with rejected_tonight as (
    select distinct findings.submission_id
    from {{ ref('stg_night__findings') }} as findings
    inner join {{ ref('quality_rules') }} as rules on findings.rule_id = rules.rule_id
    where rules.severity = 'S'
),

decided as (
    select
        submissions.submission_id,
        submissions.file_name,
        covers.zone_id,
        covers.submission_type,
        covers.report_year,
        submissions.received_at,
        submissions.received_basis,
        submissions.zone_sent_at,
        case
            when covers.is_rejected or rejected_tonight.submission_id is not null then 'rejected'
            else 'accepted'
        end as status,
        covers.roster_rows,
        covers.quarantined_rows,
        covers.zone_name,
        covers.authority_code,
        covers.prefecture_code,
        covers.boundary_description,
        covers.functional_division,
        covers.operator_name
    from {{ ref('stg_night__submissions') }} as submissions
    inner join {{ ref('stg_lake__covers') }} as covers on submissions.submission_id = covers.submission_id
    left join rejected_tonight on submissions.submission_id = rejected_tonight.submission_id
)

-- A partition holds null parts together: workbooks whose cover can't be read are numbered in one row.
select
    *,
    row_number() over (
        partition by zone_id, submission_type, report_year order by received_at, submission_id
    ) as version,
    status = 'accepted' and row_number() over (
        partition by zone_id, submission_type, report_year, status
        order by received_at desc, submission_id desc
    ) = 1 as in_force
from decided
