select release_id, is_current, rolled_back
from {batch}
qualify is_current <> (release_id = max(release_id) over ())
    or (is_current and rolled_back)
