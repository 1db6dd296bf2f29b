"""The leaving room: from a judged warehouse to a release that readers hold.

Belongs here: building a release beside the old one, swapping it in, rolling back, the site, exports.
Does not belong here: Dagster, and computing anything that a mart does not already say.
"""
