-- The night of conftest.py. Schemas: lake (tables of a judged submission), night, ledgers, and marts, which are
-- there already. The zones are invented.
create schema lake;
create schema night;
create schema ledgers;

create table night.submissions (
    submission_id text, file_name text, received_at timestamp, received_basis text, zone_sent_at timestamp, sent_by text
);
insert into night.submissions values
    ('annual_rejected', 'a/first.xlsx', '2026-03-01 09:00', 'receipt', '2026-02-27 16:00', '330000'),
    ('annual_in_force', 'a/second.xlsx', '2026-03-20 09:00', 'receipt', null, '330000'),
    ('application', 'b.xlsx', '2026-04-02 10:00', 'modified', null, null),
    ('unreadable', 'c.xlsx', '2026-04-03 10:00', 'modified', null, null);

create table lake.cover (
    submission_id text, row_number bigint, submission_type text, zone_id text, report_year integer,
    roster_rows bigint, quarantined_rows bigint, is_rejected boolean
);
insert into lake.cover values
    ('annual_rejected', null, 'annual_report', 'HZ33010001', 2025, 1, 1, true),
    ('annual_in_force', null, 'annual_report', 'HZ33010001', 2025, 4, 1, false),
    ('application', null, 'application', 'HZ51010001', 2025, 3, 0, false),
    ('unreadable', null, null, null, null, 0, 0, true);

create table lake.roster (
    submission_id text, row_number bigint, year integer, uscc text, revenue_wan decimal(38, 18)
);
insert into lake.roster values
    ('annual_in_force', 2, 2025, 'E1', 1000.5),
    ('annual_in_force', 3, 2025, 'E2', 20),
    ('annual_in_force', 4, 2025, 'E3', 500000),
    ('application', 2, 2022, 'E4', 70),
    ('application', 3, 2025, 'E4', 90),
    ('application', 4, 2025, 'E5', 0);

create table lake.self_reported (submission_id text, row_number bigint);
insert into lake.self_reported values ('application', 2), ('application', 3);
create table lake.cooperation (submission_id text, row_number bigint);
create table lake.activities (submission_id text, row_number bigint);
create table lake.plan_targets (submission_id text, row_number bigint);
create table lake.documents (submission_id text, row_number bigint);

create table lake.quarantine (submission_id text, row_number bigint, table_name text);
insert into lake.quarantine values ('annual_rejected', 2, 'roster'), ('annual_in_force', 5, 'roster');

create table lake.findings (submission_id text, row_number bigint, rule_id text);
insert into lake.findings values
    ('annual_rejected', 2, 'V01'), ('annual_rejected', null, 'S07'), ('annual_in_force', 5, 'V01'),
    ('unreadable', null, 'S01');

create table night.findings (submission_id text, row_number bigint, rule_id text);
insert into night.findings values (null, 3, 'V20'), (null, 4, 'V20');

create table lake.row_counts as
select
    cover.submission_id,
    sheets.table_name,
    case sheets.table_name
        when 'roster' then cover.roster_rows
        when 'self_reported' then if(cover.submission_id = 'application', 2, 0)
        else 0
    end as rows_read,
    case sheets.table_name when 'roster' then cover.quarantined_rows else 0 end as rows_quarantined,
    rows_read - rows_quarantined as rows_accepted
from lake.cover
cross join seeds.workbook_sheets as sheets
where sheets.layout = 'table';

create table ledgers.designations (ledger_file text, row_number bigint, zone_id text, is_in_force boolean);
insert into ledgers.designations values
    ('ledgers/designations.csv', 2, 'HZ33010001', true), ('ledgers/designations.csv', 3, 'HZ99010001', false);
create table ledgers.applications (
    ledger_file text, row_number bigint, zone_id text, report_year integer, stage text, occurred_on date,
    is_in_force boolean
);
insert into ledgers.applications values
    ('ledgers/applications.csv', 2, 'HZ21010001', 2025, 'accepted', '2026-03-02', true);
create table ledgers.changes (
    ledger_file text, row_number bigint, change_id text, changed_on date, filed_on date, is_in_force boolean
);
insert into ledgers.changes values
    ('ledgers/changes.csv', 2, 'C1', '2026-01-20', '2026-03-09', true),
    ('ledgers/changes.csv', 3, 'C2', '2026-03-02', null, true),
    ('ledgers/changes.csv', 4, 'C3', '2026-01-20', null, false);
create table ledgers.promotion (ledger_file text, row_number bigint, activity_id text, is_in_force boolean);
insert into ledgers.promotion values ('ledgers/promotion.csv', 2, 'P1', true);
create table ledgers.dispositions (
    ledger_file text, row_number bigint, failure_id text, disposition text, is_in_force boolean
);
insert into ledgers.dispositions values ('ledgers/dispositions.csv', 2, 'f6', 'confirmed_correct', true);

create table night.ledger_counts (
    ledger text, ledger_file text, rows_read bigint, rows_accepted bigint, rows_quarantined bigint, rows_later bigint
);
insert into night.ledger_counts values
    ('designations', 'ledgers/designations.csv', 4, 2, 1, 1),
    ('applications', 'ledgers/applications.csv', 2, 1, 1, 0),
    ('changes', 'ledgers/changes.csv', 3, 3, 0, 0),
    ('promotion', 'ledgers/promotion.csv', 1, 1, 0, 0),
    ('dispositions', 'ledgers/dispositions.csv', 1, 1, 0, 0);

insert into marts.zones by name
select * from (values
    ('HZ33010001', '330000', 'east'), ('HZ51010001', '510000', 'west'), ('HZ21010001', '210000', 'northeast')
) as listed (zone_id, authority_code, region);

insert into marts.submissions by name
select
    submission_id,
    submissions.file_name,
    cover.zone_id,
    cover.submission_type,
    cover.report_year,
    submissions.received_at,
    submissions.received_basis,
    submissions.zone_sent_at,
    if(submission_id = 'annual_in_force', 2, 1) as version,
    if(cover.is_rejected, 'rejected', 'accepted') as status,
    not cover.is_rejected as in_force,
    cover.roster_rows,
    cover.quarantined_rows
from night.submissions as submissions
inner join lake.cover as cover using (submission_id);

insert into marts.enterprises by name
select
    if(submission_id = 'application', 'HZ51010001', 'HZ33010001') as zone_id,
    year,
    uscc,
    'domestic' as ownership,
    case uscc when 'E3' then 'large' when 'E5' then 'unknown' else 'small' end as size,
    case uscc when 'E3' then false when 'E5' then null else true end as is_sme,
    revenue_wan,
    10 as employees,
    submission_id
from lake.roster;

insert into marts.indicators by name
select
    zone_years.*,
    indicators.indicator_code,
    numbers.value,
    numbers.value as value_low,
    coalesce(numbers.value_high, numbers.value) as value_high
from (values
    ('HZ33010001', 2025, 'annual_in_force'), ('HZ51010001', 2022, 'application'), ('HZ51010001', 2025, 'application')
) as zone_years (zone_id, year, submission_id)
cross join (select * from seeds.indicator_definitions where grain = 'zone-year') as indicators
left join (values
    ('HZ33010001', 2025, 'ENTERPRISES', 3, null),
    ('HZ33010001', 2025, 'SME_COUNT', 2, null),
    ('HZ33010001', 2025, 'UNSIZED_COUNT', 0, null),
    ('HZ33010001', 2025, 'TOTAL_REVENUE', 501020.5, null),
    ('HZ33010001', 2025, 'SME_REVENUE', 1020.5, null),
    ('HZ33010001', 2025, 'SME_COUNT_SHARE', 0.666666667, null),
    ('HZ51010001', 2022, 'ENTERPRISES', 1, null),
    ('HZ51010001', 2022, 'SME_COUNT', 1, null),
    ('HZ51010001', 2022, 'UNSIZED_COUNT', 0, null),
    ('HZ51010001', 2022, 'TOTAL_REVENUE', 70, null),
    ('HZ51010001', 2022, 'SME_REVENUE', 70, null),
    ('HZ51010001', 2022, 'SME_COUNT_SHARE', 1, null),
    ('HZ51010001', 2025, 'ENTERPRISES', 2, null),
    ('HZ51010001', 2025, 'SME_COUNT', 1, 2),
    ('HZ51010001', 2025, 'UNSIZED_COUNT', 1, null),
    ('HZ51010001', 2025, 'TOTAL_REVENUE', 90, null),
    ('HZ51010001', 2025, 'SME_REVENUE', 90, null),
    ('HZ51010001', 2025, 'SME_COUNT_SHARE', 0.5, 1)
) as numbers (zone_id, year, indicator_code, value, value_high)
    on zone_years.zone_id = numbers.zone_id
    and zone_years.year = numbers.year
    and indicators.indicator_code = numbers.indicator_code;

insert into marts.province_indicators by name
select * from (values
    ('330000', 2025, 'EXPORT_CNY_10K', 1234.5), ('510000', 2025, 'PROVINCE_FDI_RATIO_3Y', null)
) as listed (region_code, year, indicator_code, value);

insert into marts.eligibility by name
select * from (values
    ('HZ33010001|annual_report|2025', 'HZ33010001', 'annual_report', 2025, 'met', 0, null, 'on_track', 'on_track'),
    ('HZ51010001|application|2025', 'HZ51010001', 'application', 2025, 'met', 1, 'pass', 'needs_justification', 'eligible')
) as listed (
    assessment_id, zone_id, submission_type, report_year,
    gates_result, general_shortfalls, score_outcome, status, relaxed_status
);

insert into marts.eligibility_criteria by name
select
    assessments.* exclude (gates_result, general_shortfalls, score_outcome, status, relaxed_status),
    criteria.criterion_id,
    criteria.indicator_code,
    criteria.requirement_id,
    criteria.dimension,
    criteria.operator,
    criteria.threshold,
    if(criteria.criterion_id = 'P02', null, criteria.threshold) as observed,
    if(criteria.criterion_id = 'P02', null, 0) as gap,
    case criteria.criterion_id when 'P02' then 'unknown' when 'G05' then 'not_met' else 'met' end as result,
    result as relaxed_result
from marts.eligibility as assessments
cross join seeds.criteria as criteria;

insert into marts.scorecard_dimensions by name
select
    assessments.assessment_id,
    dimensions.dimension,
    dimensions.points,
    if(assessments.submission_type = 'application' and dimensions.dimension <> 'planning', 14, null) as panel_score,
    10 as reference_low,
    15 as reference_high
from marts.eligibility as assessments
cross join seeds.dimensions as dimensions
where dimensions.dimension <> 'total';

insert into marts.scorecards by name
select * from (values
    ('HZ33010001|annual_report|2025', 0, 100, 0, 30, 50, 75, 10, 15, null),
    ('HZ51010001|application|2025', 56, 71, 14, 14, 50, 75, 10, 15, 'pass')
) as listed (
    assessment_id, panel_low, panel_high, openness_low, openness_high,
    reference_low, reference_high, reference_openness_low, reference_openness_high, outcome
);

insert into marts.quality_failures by name
select listed.*, rules.severity, rules.article
from (values
    ('f1', 'V01', 'annual_rejected', 'pandera', 'open'),
    ('f2', 'S07', 'annual_rejected', 'pandera', 'open'),
    ('f3', 'V01', 'annual_in_force', 'pandera', 'open'),
    ('f4', 'V20', null, 'pandera', 'open'),
    ('f5', 'V20', null, 'pandera', 'open'),
    ('f6', 'Q07', 'application', 'dbt', 'confirmed_correct'),
    ('f7', 'S01', 'unreadable', 'pandera', 'open')
) as listed (failure_id, rule_id, submission_id, engine, disposition)
inner join seeds.quality_rules as rules using (rule_id);

create schema rules;
create table rules.findings_united as select 'Q07' as rule_id, 'application' as submission_id;

insert into marts.parameters_in_force by name
select parameter, default_value as value, article
from seeds.parameters;

update marts.zones set is_designated = zone_id = 'HZ33010001';
insert into marts.revocation_triggers by name
select
    'HZ33010001' as zone_id,
    cast(clause as integer) as clause,
    if(clause = '2', 'at_risk', 'clear') as state,
    if(clause = '2', 'HZ33010001|2025', null) as evidence
from seeds.revocation_grounds;

insert into marts.plan_progress by name
select 'HZ33010001' as zone_id, 2025 as plan_from, 2029 as plan_to, listed.*
from (values
    ('ENTERPRISES', 1, 5, 3, 2025, 0.5, false),
    ('SME_COUNT_SHARE', 0.5, 0.6666666666, 0.666666667, 2025, 1.000000002, true),
    ('SME_COUNT', 4, 2, 2, 2025, 1, true),
    ('FDI', 2, 2, null, null, null, null)
) as listed (indicator_code, baseline, target, actual, actual_year, completion, completed);

insert into marts.designations by name
select
    'HZ33010001' as zone_id, 1 as term_no, date '2024-09-03' as term_from, date '2029-09-02' as term_to,
    1248 as days_to_expiry, 'valid' as status;
insert into marts.annual_reports by name
select
    'HZ33010001' as zone_id, 2025 as report_year, date '2026-03-31' as due_on,
    timestamp '2026-03-01 09:00' as first_received_at, timestamp '2026-03-20 09:00' as accepted_at,
    'on_time' as status, 0 as days_overdue;
insert into marts.change_filings by name
select 'HZ33010001' as zone_id, listed.*, 'name' as change_type, 'official' as calendar_basis
from (values
    ('C1', date '2026-01-20', date '2026-03-09', date '2026-03-09', 'on_time', null),
    ('C2', date '2026-03-02', date '2026-04-14', null, 'open', 7)
) as listed (change_id, changed_on, deadline_on, filed_on, status, working_days_left);
insert into marts.application_progress by name
select
    'HZ21010001' as zone_id, 2025 as report_year, 'accepted' as stage, date '2026-03-02' as stage_on,
    false as objected;
insert into marts.promotion_activities by name
select 'P1' as activity_id, 13 as article, '330000' as authority_code, 'training' as kind;
insert into marts.authorities by name
select
    authority_code,
    if(authority_code = '330000', 1, 0) as zones_designated,
    if(authority_code = '330000', 1, 0) as reports_owed,
    if(authority_code = '330000', 1, 0) as reports_on_time,
    0 as reports_late, 0 as reports_missing, 0 as open_findings, 0 as recommended
from seeds.provincial_authorities;
insert into marts.indicator_sources values
    ('HZ33010001|2025', 'ENTERPRISES', 2025, 'annual_in_force', '企业名录', 2, '2, 3');

insert into marts.re_review_dossiers by name
select
    zone_id, term_no, term_to, status,
    2 as targets, 1 as targets_completed, 0 as targets_unknown, '[{"a":1},{"a":2}]' as plan_targets,
    1 as reports_owed, 1 as reports_on_time, 0 as reports_late, 0 as reports_missing, 0 as reports_pending,
    '[{"a":1}]' as reports, 0 as criteria_met, 0 as criteria_not_met, 0 as criteria_unknown, '[]' as criteria
from marts.designations;
insert into marts.metrics by name
select *, 'name' as metric_name_zh, 'name' as metric_name_en, 'name' as member_name_zh, 'name' as member_name_en
from (values
    ('zones_designated', 'authority', '330000', 1, null, 1, 'count'),
    ('zones_designated', 'authority', '650000', 0, null, 0, 'count'),
    ('zones_designated', 'region', 'east', 1, null, 1, 'count'),
    ('reports_on_time_share', 'region', 'east', 1, 1, 1, 'ratio'),
    ('reports_on_time_share', 'authority', '330000', 1, 1, 1, 'ratio'),
    ('reports_on_time_share', 'authority', '650000', 0, 0, null, 'ratio'),
    ('criterion_met_share', 'criterion', 'G04', 1, 3, 0.333333333, 'ratio'),
    ('criterion_not_met_share', 'criterion', 'G04', 1, 3, 0.333333333, 'ratio'),
    ('criterion_unknown_share', 'criterion', 'G04', 1, 3, 0.333333333, 'ratio')
) as metrics (metric_code, dimension, member, numerator, denominator, value, unit);

insert into marts.releases by name
select release_id, nullif(release_id - 1, 5) as replaces, release_id = 7 as is_current, false as rolled_back
from (values (6), (7)) as listed (release_id);
insert into marts.findings_by_release by name
select 7 as release_id, rule_id, severity, count(*) as findings, count(*) as open_findings
from marts.quality_failures
group by rule_id, severity;
insert into marts.changes_since_last_release by name
select
    'criterion|HZ33010001|annual_report|2025|O01|result' as change_key, 1 as cause_no, 7 as release_id,
    6 as since_release_id, 'criterion' as subject_kind, 'result' as field, 'met' as from_value,
    'not_met' as to_value, 'submission' as because_kind;
