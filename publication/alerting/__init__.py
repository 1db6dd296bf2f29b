"""The alerting room: what was raised, who is to hear of it, and that they do, once.

Belongs here: the outbox, the wording of a digest, notifiers and their configuration, retrying, and the pure
decision what to raise. Does not belong here: what an alert says (a mart does) and Dagster, which only asks.
"""
