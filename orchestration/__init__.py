"""The steering room: Dagster definitions, settings and the command line.

Belongs here: naming the steps, their order, schedule and sensors, one module a Dagster concept.
Does not belong here: computing; each step calls into the room whose work it is.
"""
