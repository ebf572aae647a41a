"""The Dagster side: thin assets by layer, checks, partitions, jobs, schedules, sensors, resources.

Belongs here: everything that imports dagster, except ``definitions.py``. Does not belong: what the steps do; each asset
calls one function of ``nq57_assets.pipeline`` and attaches metadata.
"""
