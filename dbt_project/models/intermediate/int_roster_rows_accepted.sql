-- The accepted roster rows of accepted submissions, in force or not, with whose they are and when they came:
-- what the rules about rosters read. Each rule reads few columns, so a view over the lake is the cheaper one.
{{ config(materialized='view') }}

select
    roster.submission_id,
    submissions.submission_type,
    submissions.zone_id,
    submissions.report_year,
    submissions.received_at,
    submissions.in_force,
    roster.row_number,
    roster.year,
    roster.uscc,
    roster.enterprise_name,
    roster.employees,
    roster.revenue_wan,
    roster.rd_expense_wan,
    roster.export_wan,
    roster.quality_tiers
from {{ ref('stg_lake__enterprises') }} as roster
inner join {{ ref('int_submissions_versioned') }} as submissions
    on roster.submission_id = submissions.submission_id and submissions.status = 'accepted'
