"""What an analyst would write instead: read every workbook, concatenate, add up, store. Nothing is checked or proven.

Usage: python bench/analyst.py INBOX OUT.duckdb
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd


def read_form(path: Path, round_id: str) -> pd.DataFrame:
    """Return the answers of one workbook; the codes stand in column G, the figures in column D."""
    book = pd.ExcelFile(path, engine="openpyxl")
    answers = book.parse("Số liệu", header=None, usecols="D:E,G", names=["value", "nil", "indicator"])
    stamp = book.parse("_nq57", header=None, dtype=str)
    answers["commune_code"] = stamp.iloc[2, 1]
    answers["round_id"] = round_id
    return answers.dropna(subset=["indicator"])


def main(inbox: Path, target: Path) -> None:
    frames = []
    for folder in sorted(p for p in inbox.iterdir() if p.is_dir()):
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() != ".xlsx":
                continue
            try:
                frames.append(read_form(path, folder.name))
            except Exception as error:
                print(f"skipped {path.name}: {error}")
    data = pd.concat(frames, ignore_index=True)
    data["value"] = pd.to_numeric(data["value"], errors="coerce")
    data.loc[data["nil"].notna(), "value"] = 0
    data = data.drop_duplicates(["round_id", "commune_code", "indicator"], keep="last")
    values = data[["round_id", "commune_code", "indicator", "value"]]
    city = values.groupby(["round_id", "indicator"])["value"].agg(["sum", "count"]).reset_index()
    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as connection:
        connection.register("values_frame", values)
        connection.register("city_frame", city)
        connection.execute("CREATE TABLE commune_values AS SELECT * FROM values_frame")
        connection.execute("CREATE TABLE city AS SELECT * FROM city_frame")
    print(f"{len(frames)} workbooks, {len(values)} rows, {len(city)} city figures")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
