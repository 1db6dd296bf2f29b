{#- Metrics: counted once in parts that add up, then told by each of their dimensions. -#}

{#-
    The parts of metrics, counted in a relation that has authority_code: one row a metric, authority, report year
    and member of a dimension of its own (a clause, a rule …). `metrics` maps a metric's code to what it counts of
    a row (SQL), or to what counts and what it is out of.
-#}
{% macro count_metrics(relation, metrics, report_year='null', own_dimension=none, own_member='null') -%}
    {%- for metric_code, counted in metrics.items() %}
        {%- set parts = [counted] if counted is string else counted %}
        {{ "union all" if not loop.first }}
        select
            '{{ metric_code }}' as metric_code,
            cast(authority_code as varchar) as authority_code,
            cast({{ report_year }} as integer) as report_year,
            cast({{ "'" ~ own_dimension ~ "'" if own_dimension else "null" }} as varchar) as own_dimension,
            cast({{ own_member }} as varchar) as own_member,
            cast(sum({{ parts[0] }}) as decimal(38, 18)) as numerator,
            cast({{ "sum(" ~ parts[1] ~ ")" if parts | length > 1 else "null" }} as decimal(38, 18)) as denominator
        from {{ relation }}
        group by all
    {%- endfor %}
{%- endmacro %}

{#- 1 of a row that fulfils a condition, else 0; an unknown condition is not fulfilled. -#}
{% macro one_if(condition) -%}
    case when {{ condition }} then 1 else 0 end
{%- endmacro %}

{#-
    Every row of a relation once a dimension that it belongs to, with its member: in all, by region, by authority
    and by report year. In all, by region and by authority only rows of the latest report year stand, and those
    that belong to no year. What has no member in a dimension stands in the others alone.
-#}
{% macro by_dimension(relation, columns) -%}
    {%- set is_latest = 'report_year is null or report_year = ' ~ latest_report_year() %}
    {%- for dimension, member, condition in [
        ('all', "'all'", is_latest),
        ('region', 'region', is_latest),
        ('authority', 'authority_code', is_latest),
        ('report_year', 'cast(report_year as varchar)', 'true'),
    ] %}
        {{ "union all" if not loop.first }}
        select
            '{{ dimension }}' as dimension,
            {{ member }} as member,
            {{ columns | join(', ') }}
        from {{ relation }}
        where ({{ condition }}) and {{ member }} is not null
    {%- endfor %}
{%- endmacro %}

{#- The report year before the as-of day's: the latest one that reports are owed for. -#}
{% macro latest_report_year() -%}
    (extract(year from {{ as_of_day() }}) - 1)
{%- endmacro %}
