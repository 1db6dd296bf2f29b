-- The tiers that an enterprise holds by the honours ledger on 31 December of each year of the rosters.
with years as (
    select distinct year from {{ ref('stg_lake__enterprises') }}
),

held as (
    select distinct
        honours.uscc,
        years.year,
        honours.tier,
        tiers.position
    from {{ ref('stg_ledgers__honours') }} as honours
    inner join {{ ref('ledger_values') }} as tiers
        on tiers.ledger = 'honours' and tiers.field = 'tier' and honours.tier = tiers.value
    inner join years
        on
            honours.valid_from <= {{ year_end('years.year') }}
            and (honours.valid_to is null or honours.valid_to >= {{ year_end('years.year') }})
)

select
    uscc,
    year,
    {{ dbt.listagg('tier', "','", 'order by position') }} as tiers
from held
group by uscc, year
