-- The scores of every assessment in total and in openness, held against the minimum of each (annex): an
-- unscored dimension counts 0 at the low end and its points at the high end. An annual report has no panel,
-- so no outcome.
{% set scores = [
    ('panel_low', 'openness_low', 'coalesce(panel_score, 0)'),
    ('panel_high', 'openness_high', 'coalesce(panel_score, points)'),
    ('reference_low', 'reference_openness_low', 'reference_low'),
    ('reference_high', 'reference_openness_high', 'reference_high'),
    ('reference_relaxed_low', 'reference_relaxed_openness_low', 'reference_relaxed_low'),
    ('reference_relaxed_high', 'reference_relaxed_openness_high', 'reference_relaxed_high'),
] %}

with totalled as (
    select
        {% for total, openness, score in scores %}
            cast(sum({{ score }}) as {{ score_type() }}) as {{ total }},
            cast(sum(case when dimension = 'openness' then {{ score }} end) as {{ score_type() }})
                as {{ openness }},
        {% endfor %}
        assessment_id
    from {{ ref('int_dimensions_scored') }}
    group by assessment_id
),

minima as (
    select
        max(case when dimension = 'total' then minimum end) as total_minimum,
        max(case when dimension = 'openness' then minimum end) as openness_minimum
    from {{ ref('dimensions') }}
)

select
    totalled.*,
    minima.total_minimum,
    minima.openness_minimum,
    case
        when assessments.submission_type = 'annual_report' then null
        when
            totalled.panel_low >= minima.total_minimum and totalled.openness_low >= minima.openness_minimum
            then 'pass'
        when
            totalled.panel_high < minima.total_minimum or totalled.openness_high < minima.openness_minimum
            then 'fail'
        else 'undetermined'
    end as outcome
from totalled
cross join minima
inner join
    {{ ref('int_assessments_framed') }} as assessments
    on totalled.assessment_id = assessments.assessment_id
