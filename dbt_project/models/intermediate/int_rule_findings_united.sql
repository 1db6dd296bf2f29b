-- The findings of every rule that needs the whole warehouse (Q and M), one model a rule.
{%- set rules = [
    'rule_q18_re_review_of_no_term',
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
