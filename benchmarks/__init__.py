"""What a night costs, as ratios against a hand-written limit measured in the same run.

Belongs here: the limit (a bare reader and hand-written SQL for the same marts), the measuring of time and
memory, the comparison. Does not belong here: anything that asserts a time; figures go to docs/performance.md.
"""
