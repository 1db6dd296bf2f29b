"""The dashboard for Apache Superset: its parts as YAML, and the bundle that Superset imports.

Belongs here: ``databases/``, ``datasets/``, ``charts/`` and ``dashboards/`` in Superset's own export format
(v1), and what makes a bundle of them for one shelf. Not here: Superset itself, which the office runs, and the
marts.
"""
