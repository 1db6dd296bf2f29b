-- The provincial statistics that count: of one region, year and indicator the newest published, in 10k.
with numbered as (
    select
        *,
        row_number() over (partition by region_code, year, indicator order by published_on desc) as recency
    from {{ ref('stg_ledgers__provincial_statistics') }}
)

select
    numbered.region_code,
    numbered.year,
    numbered.indicator,
    cast(numbered.value * units.factor_to_10k as {{ measure_type() }}) as value_10k,
    numbered.scope,
    numbered.published_on,
    numbered.ledger_file,
    numbered.row_number
from numbered
inner join {{ ref('statistic_units') }} as units on numbered.unit = units.unit
where numbered.recency = 1
