"""Make the clean texts, the truths and the OCR readings of one half of the corpus out of its marked documents.

``python -m nq57_assets_tests.corpus.make development [NAME ...]`` writes ``clean/``, ``truth/``, ``ocr_vie/`` and
``ocr_eng/`` beside ``marked/``. Without a name it makes what is missing or older than its marked document. It needs
Pillow, tesseract with ``vie`` and ``eng``, and the fonts of fonts-liberation2, fonts-noto-core and fonts-dejavu.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from nq57_assets_tests.corpus.legible import illegible
from nq57_assets_tests.corpus.marked import Marked, clean_text, mark_values, parse, truth
from nq57_assets_tests.corpus.pages import draw

HERE = Path(__file__).parent
LANGUAGES = ("vie", "eng")


def truth_text(marked: Marked, readings: dict[str, str]) -> str:
    """Return the truth file of a marked document, given its OCR readings by channel."""
    text, spots = clean_text(marked)
    values = {index: mark_values(marked.marks[index]) for index in spots}
    lost = {channel: illegible(text, spots, values, read) for channel, read in readings.items()}
    stated = truth(marked, lost)
    parts = [yaml.safe_dump({"header": stated["header"]}, allow_unicode=True, sort_keys=False)]
    for key in ("figures", "flags", "statements"):
        if key not in stated:
            continue
        rows = stated[key]
        if not rows:
            parts.append(f"{key}: {'{}' if key == 'flags' else '[]'}\n")
            continue
        listed = (
            [(f"{code}: ", row) for code, row in rows.items()]
            if key == "flags"
            else [("- ", row) for row in rows]
        )
        lines = [
            f"  {mark}{yaml.safe_dump(row, allow_unicode=True, sort_keys=False, default_flow_style=True, width=500).strip()}"
            for mark, row in listed
        ]
        parts.append("\n".join([f"{key}:", *lines]) + "\n")
    return "".join(parts)


def read_back(pages: list[Path], language: str) -> str:
    """Return what tesseract reads on the pages, one after the other."""
    texts = []
    for page in pages:
        command = ["nice", "tesseract", str(page), "stdout", "-l", language]
        limits = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=limits)
        texts.append(done.stdout.replace("\f", "\n"))
    return "".join(texts).rstrip() + "\n"


def make(half: Path, source: Path, scan: bool = True) -> None:
    """Write the texts and the truth of one marked document; without ``scan`` its OCR readings, if any, are kept."""
    marked = parse(source.read_text(encoding="utf-8"))
    contents = {"clean": clean_text(marked)[0]}
    with tempfile.TemporaryDirectory() as scratch:
        pages = []
        for number, image in enumerate(draw(marked, source.stem) if scan else (), 1):
            pages.append(Path(scratch) / f"{number}.png")
            image.save(pages[-1])
        for language in LANGUAGES:
            channel = f"ocr_{language}"
            kept = half / channel / f"{source.stem}.txt"
            if scan:
                contents[channel] = read_back(pages, language)
            elif kept.exists():
                contents[channel] = kept.read_text(encoding="utf-8")
    readings = {channel: text for channel, text in contents.items() if channel != "clean"}
    for channel, text in contents.items():
        (half / channel).mkdir(exist_ok=True)
        (half / channel / f"{source.stem}.txt").write_text(text, encoding="utf-8")
    (half / "truth").mkdir(exist_ok=True)
    (half / "truth" / f"{source.stem}.truth.yaml").write_text(truth_text(marked, readings), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Make the named documents of a half, or all that are out of date; ``--truth`` keeps the OCR readings."""
    scan = "--truth" not in arguments
    arguments = [argument for argument in arguments if argument != "--truth"]
    half = HERE / arguments[0]
    names = set(arguments[1:])
    for source in sorted((half / "marked").glob("*.marked")):
        last = half / f"ocr_{LANGUAGES[-1]}" / f"{source.stem}.txt"
        stale = not last.exists() or last.stat().st_mtime < source.stat().st_mtime
        if source.stem in names or (not names and (stale or not scan)):
            make(half, source, scan)
            print(f"{half.name}/{source.stem}")


if __name__ == "__main__":
    main(sys.argv[1:])
