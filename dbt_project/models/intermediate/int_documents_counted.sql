-- Documents of an assessment's own submission that are dated within the years that an indicator counts.
select
    assessments.assessment_id,
    indicators.indicator_code,
    cast(count(documents.submission_id) as {{ measure_type() }}) as documents_counted
from {{ ref('int_assessments_framed') }} as assessments
cross join {{ ref('document_indicators') }} as indicators
left join {{ ref('stg_lake__documents') }} as documents
    on
        assessments.submission_id = documents.submission_id
        and indicators.document_type = documents.document_type
        and extract(year from documents.dated_on)
        between assessments.report_year + indicators.first_year_offset
        and assessments.report_year + indicators.last_year_offset
group by assessments.assessment_id, indicators.indicator_code
