-- Q12: an accepted submission repeats name, operator and boundary of the zone's previous accepted one, unless
-- a change of that type lies between the days they were received, both included (Art. 10).
{% set declarable = [
    ('zone_name', 'name'),
    ('operator_name', 'operator'),
    ('boundary_description', 'boundary'),
] %}

with stated as (
    {% for field, change_type in declarable %}
        select
            submission_id,
            submission_type,
            zone_id,
            report_year,
            received_at,
            '{{ change_type }}' as change_type,
            '{{ field }}' as field,
            {{ field }} as value
        from {{ ref('int_submissions_versioned') }}
        where status = 'accepted'
        {{ "union all" if not loop.last }}
    {% endfor %}
),

compared as (
    select
        submission_id,
        submission_type,
        zone_id,
        report_year,
        change_type,
        field,
        value,
        cast(received_at as date) as received_on,
        lag(value) over in_zone as previous_value,
        cast(lag(received_at) over in_zone as date) as previous_received_on
    from stated
    window in_zone as (partition by zone_id, field order by received_at, submission_id)
),

failing as (
    select
        case
            when compared.value is null then 'left_out'
            when compared.previous_value is null then 'added'
            else 'changed'
        end as case_id,
        compared.submission_id,
        compared.submission_type,
        compared.zone_id,
        compared.report_year,
        sheets.sheet_zh as sheet,
        null as row_number,
        null as row_identity,
        compared.field,
        compared.value,
        {{ quoted('compared.value') }} as present_text,
        {{ quoted('compared.previous_value') }} as previous_text,
        compared.previous_received_on,
        compared.received_on,
        fields.header_zh as header
    from compared
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'cover'
    inner join {{ ref('workbook_fields') }} as fields
        on fields.table_name = 'cover' and compared.field = fields.field
    where
        compared.previous_received_on is not null
        and compared.value is distinct from compared.previous_value
        and not exists (
            select 1
            from {{ ref('stg_ledgers__changes') }} as changes
            where
                changes.zone_id = compared.zone_id
                and changes.change_type = compared.change_type
                and changes.changed_on between compared.previous_received_on and compared.received_on
        )
)

{{ select_findings('Q12', 'failing', placeholders=[
    'field', 'header', 'present_text', 'previous_text', 'previous_received_on', 'received_on',
]) }}
