-- What the cover of an assessment says of place, boundary and functions, as 1 or 0.
select
    assessments.assessment_id,
    case when prefectures.prefecture_code is not null then 1 else 0 end as in_one_prefecture,
    case when submissions.boundary_description is not null then 1 else 0 end as boundary_defined,
    case when submissions.functional_division is not null then 1 else 0 end as functions_defined
from {{ ref('int_assessments_framed') }} as assessments
inner join {{ ref('int_submissions_versioned') }} as submissions
    on assessments.submission_id = submissions.submission_id
left join {{ ref('prefectures') }} as prefectures
    on
        submissions.prefecture_code = prefectures.prefecture_code
        and submissions.authority_code = prefectures.authority_code
