-- Every accepted row of every ledger that is visible, in force or not. `contents` is the row as one text, the
-- same for rows that say the same; what a row says besides withdrawing its key is not looked at.
{% set ledgers = [
    'applications',
    'changes',
    'credit_records',
    'designations',
    'dispositions',
    'expert_scores',
    'honours',
    'incidents',
    'promotion',
    'provincial_statistics',
    're_reviews',
    'receipts',
    'relaxations',
    'revocations',
    'supervision',
] %}

{% for ledger in ledgers %}
    select
        '{{ ledger }}' as ledger,
        ledger_file,
        row_number,
        row_identity,
        recorded_at,
        case when void then 'void' else {{ row_contents() }} end as contents
    from {{ source('ledgers', ledger) }}
    {{ "union all" if not loop.last }}
{% endfor %}
