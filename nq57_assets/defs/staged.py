"""Layer staged: documents as they were read."""

from nq57_assets import pipeline
from nq57_assets.defs.tables import table_asset

documents = table_asset("staged/documents", pipeline.documents, deps=["raw/submissions"])
