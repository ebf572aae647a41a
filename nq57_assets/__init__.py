"""Commune reports on Resolution 57-NQ/TW, consolidated with proof for every figure.

The way of the data is the order of the packages: ``intake`` archives what was sent, ``readers`` turn bytes into a
document, ``extract`` turns a document into observations, ``quality`` finds broken rules, ``consolidate`` resolves
values and city tables, ``mart`` publishes them. ``defs`` wires the steps into Dagster and is the only package that
imports it.
"""

__version__ = "0.1.0"
