"""Expectations of every table, generated from the catalogue, and the findings that broken ones become.

Belongs here: check kinds that ``rules.yaml`` may use, suites, the engine that runs them (Great Expectations and SQL),
and core/findings. Does not belong: reading files, choosing values, wording (``nq57_assets.messages``), anything of Dagster.
Great Expectations and pandas are imported inside the functions that need them: check names must be cheap to list.
"""
