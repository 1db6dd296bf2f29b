"""Data Docs that open from a disk, styled, without a network.

Belongs here: the pages that Great Expectations renders, the third-party files that they name (installed at
set-up by npm from ``package-lock.json``, never committed), and making the one point at the other. Does not
belong here: expectations and their results.
"""
