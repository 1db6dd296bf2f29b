with published as (select * from {batch})

select
    coalesce(published.parameter, parameters.parameter) as parameter,
    count(published.value) as values_published
from published
full join seeds.parameters as parameters using (parameter)
group by all
having count(published.value) <> 1 or count(parameters.parameter) <> 1
