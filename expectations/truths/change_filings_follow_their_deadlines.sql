select change_id, changed_on, deadline_on, filed_on, status, working_days_left
from {batch}
where
    not case
        when filed_on > deadline_on then status = 'late'
        when filed_on is not null then status = 'on_time'
        when working_days_left < 0 then status = 'overdue'
        else status in ('open', 'overdue')
    end
    or (filed_on is not null and working_days_left is not null)
    or deadline_on < changed_on
