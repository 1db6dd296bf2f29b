-- Q20: the stages of an application follow Article 7's order, none that is mandatory is left out, nothing
-- happens once it has ended, and a zone is designated after the public notice with no objection standing.
with stages as (
    select
        applications.zone_id,
        applications.report_year,
        applications.stage,
        applications.occurred_on,
        applications.ledger_file,
        applications.row_number,
        stages.position,
        stages.ends_application
    from {{ ref('stg_ledgers__applications') }} as applications
    inner join {{ ref('application_stages') }} as stages on applications.stage = stages.stage
),

pairs as (
    select
        stages.*,
        ordered.earlier_stage,
        ordered.is_required,
        earlier.occurred_on as earlier_on,
        row_number() over (
            partition by stages.zone_id, stages.report_year, stages.stage
            order by earlier.occurred_on desc nulls last, ordered.earlier_position desc
        ) as lateness,
        row_number() over (
            partition by stages.zone_id, stages.report_year, ordered.earlier_stage
            order by stages.position asc nulls last, stages.occurred_on asc, stages.stage asc
        ) as nearness
    from stages
    inner join {{ ref('int_stages_ordered') }} as ordered on stages.stage = ordered.stage
    left join stages as earlier
        on
            stages.zone_id = earlier.zone_id
            and stages.report_year = earlier.report_year
            and ordered.earlier_stage = earlier.stage
    where earlier.stage is not null or ordered.is_required
),

-- One finding a stage that lies before others it should follow: it names the latest of them.
out_of_order as (
    select
        'out_of_order' as case_id,
        zone_id,
        report_year,
        stage,
        occurred_on,
        ledger_file,
        row_number,
        earlier_stage as other_stage,
        earlier_on as other_on
    from pairs
    where lateness = 1 and earlier_on > occurred_on
),

-- One finding a stage left out: it shows where the next one stands.
left_out as (
    select
        'left_out' as case_id,
        zone_id,
        report_year,
        stage,
        null as occurred_on,
        ledger_file,
        row_number,
        earlier_stage as other_stage,
        null as other_on
    from pairs
    where nearness = 1 and earlier_on is null
),

-- Stages of the main line before one that ends it are judged by their order.
ends as (
    select
        stages.*,
        ended.stage as other_stage,
        ended.occurred_on as other_on,
        row_number() over (
            partition by stages.zone_id, stages.report_year, stages.stage
            order by ended.occurred_on asc, ended.stage asc
        ) as earliness
    from stages
    inner join stages as ended
        on
            stages.zone_id = ended.zone_id
            and stages.report_year = ended.report_year
            and stages.stage <> ended.stage
            and ended.ends_application
            and stages.occurred_on > ended.occurred_on
            and (stages.position is null or ended.position is null)
),

after_the_end as (
    select
        'after_the_end' as case_id,
        zone_id,
        report_year,
        stage,
        occurred_on,
        ledger_file,
        row_number,
        other_stage,
        other_on
    from ends
    where earliness = 1
),

-- The notice's last day counts whole.
notice_running as (
    select
        'notice_running' as case_id,
        stages.zone_id,
        stages.report_year,
        stages.stage,
        stages.occurred_on,
        stages.ledger_file,
        stages.row_number,
        'publicised' as other_stage,
        followed.publicity_ends_on as other_on
    from stages
    inner join {{ ref('int_applications_followed') }} as followed
        on stages.zone_id = followed.zone_id and stages.report_year = followed.report_year
    where
        stages.stage = 'designated'
        and stages.occurred_on between followed.publicised_on and followed.publicity_ends_on
),

objection_standing as (
    select
        'objection_standing' as case_id,
        stages.zone_id,
        stages.report_year,
        stages.stage,
        stages.occurred_on,
        stages.ledger_file,
        stages.row_number,
        objections.stage as other_stage,
        objections.occurred_on as other_on
    from stages
    inner join stages as objections
        on
            stages.zone_id = objections.zone_id
            and stages.report_year = objections.report_year
            and objections.occurred_on <= stages.occurred_on
    inner join {{ ref('application_stages') }} as standing
        on objections.stage = standing.stage and standing.lifted_by is not null
    left join stages as resolutions
        on
            stages.zone_id = resolutions.zone_id
            and stages.report_year = resolutions.report_year
            and standing.lifted_by = resolutions.stage
            and resolutions.occurred_on <= stages.occurred_on
    where stages.stage = 'designated' and resolutions.stage is null
),

found as (
    select * from out_of_order
    union all
    select * from left_out
    union all
    select * from after_the_end
    union all
    select * from notice_running
    union all
    select * from objection_standing
),

-- A stage left out is told by the key that its row would have, so that it keeps its id whatever comes next.
failing as (
    select
        found.case_id,
        null as submission_id,
        null as submission_type,
        found.zone_id,
        found.report_year,
        'applications' as sheet,
        found.row_number,
        {{ row_identity([
            'found.zone_id', 'found.report_year',
            "case when found.case_id = 'left_out' then found.other_stage else found.stage end",
        ]) }} as row_identity,
        'occurred_on' as field,
        found.occurred_on as value,
        found.ledger_file,
        found.other_on,
        wording.zh as stage_zh,
        wording.en as stage_en,
        other_wording.zh as other_zh,
        other_wording.en as other_en
    from found
    inner join {{ ref('messages') }} as wording
        on wording.kind = 'application_stage' and found.stage = wording.code
    inner join {{ ref('messages') }} as other_wording
        on other_wording.kind = 'application_stage' and found.other_stage = other_wording.code
)

{{ select_findings('Q20', 'failing', placeholders=[
    'ledger_file', 'zone_id', 'report_year', 'stage_zh', 'stage_en', 'other_zh', 'other_en', 'other_on',
]) }}
