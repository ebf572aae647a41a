"""Resources: the data directory with its catalogue, and a mart connection that always closes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from nq57_assets.catalogue import catalogue
from nq57_assets.lake import DataDir
from nq57_assets.mart.open import open_mart
from nq57_assets.project import Project


class ProjectResource(dg.ConfigurableResource):
    """The data directory that assets read and write; ``NQ57_DATA`` unless configured."""

    data_dir: str = ""

    def project(self) -> Project:
        """Return the project over this data directory and the packaged catalogue."""
        data = DataDir(Path(self.data_dir).absolute()) if self.data_dir else DataDir.from_environment()
        return Project(data, catalogue())


class MartResource(DuckDBResource):
    """The published mart, read only.

    The stock resource opens read-write, which locks analysts out, and leaves the connection open after an exception.
    """

    database: str = ""

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a hardened read-only connection to the current generation and close it whatever happens."""
        path = Path(self.database) if self.database else DataDir.from_environment().mart / "nq57.duckdb"
        connection = open_mart(path)
        try:
            yield connection
        finally:
            connection.close()


@dg.definitions
def resources() -> dg.Definitions:
    """Bind the resources under the names that assets ask for."""
    return dg.Definitions(resources={"nq57": ProjectResource(), "mart": MartResource()})
