-- Every pair of stages of which the first has to lie before the second (Art. 7): those of the main line by
-- their position, and a stage beside it with the one that it follows. `is_required`: the second can't be
-- without the first.
select
    later.stage,
    earlier.stage as earlier_stage,
    earlier.position as earlier_position,
    earlier.is_mandatory as is_required
from {{ ref('application_stages') }} as later
inner join {{ ref('application_stages') }} as earlier on earlier.position < later.position
union all
select
    side.stage,
    side.follows as earlier_stage,
    followed.position as earlier_position,
    true as is_required
from {{ ref('application_stages') }} as side
inner join {{ ref('application_stages') }} as followed on side.follows = followed.stage
