-- Every accepted row of every ledger that is visible, in force or not. `contents` is the row as one text, the
-- same for rows that say the same; what a row says besides withdrawing its key is not looked at. `scope` and
-- `matter` are whom and what it is about, `says` what of it may leave (macro ledgers_kept).
{% for ledger, kept in ledgers_kept().items() %}
    select
        '{{ ledger }}' as ledger,
        ledger_file,
        row_number,
        row_identity,
        recorded_at,
        is_in_force,
        cast({{ kept.get('scope', 'null') }} as varchar) as scope,
        cast({{ kept.matter }} as varchar) as matter,
        cast({{ kept.get('says', 'null') }} as varchar) as says,
        case when void then 'void' else {{ row_contents() }} end as contents
    from {{ source('ledgers', ledger) }}
    {{ "union all" if not loop.last }}
{% endfor %}
