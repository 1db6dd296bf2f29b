-- The findings of every rule that needs the whole warehouse (Q and M), one model a rule.
{%- set rules = [
    'rule_m01_exports_above_province',
    'rule_m02_statistic_missing',
    'rule_m03_statistic_breaks',
    'rule_m04_recommendations_over_quota',
    'rule_m05_zone_unknown',
    'rule_m06_source_failing',
    'rule_m07_source_retracts',
    'rule_q01_research_above_revenue',
    'rule_q02_export_above_revenue',
    'rule_q03_revenue_without_employees',
    'rule_q04_revenue_jump',
    'rule_q05_tier_without_honour',
    'rule_q06_enterprise_in_two_zones',
    'rule_q07_self_report_off_roster',
    'rule_q08_panel_off_reference',
    'rule_q09_expert_off_panel',
    'rule_q10_platform_gone',
    'rule_q11_field_left_blank',
    'rule_q12_undeclared_change',
    'rule_q13_target_lowered',
    'rule_q14_revenue_restated',
    'rule_q15_rows_of_one_moment',
    'rule_q16_no_applicant',
    'rule_q17_beyond_the_contract',
    'rule_q18_re_review_of_no_term',
    'rule_q19_no_criterion_in_force',
    'rule_q20_stage_out_of_order',
] %}
{% for rule in rules %}
    {{ "union all" if not loop.first }}
    select
        submission_id,
        submission_type,
        zone_id,
        report_year,
        row_number,
        rule_id,
        sheet,
        row_identity,
        field,
        value,
        expected,
        message_zh,
        message_en
    from {{ ref(rule) }}
{% endfor %}
