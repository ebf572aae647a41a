"""Recognised words of a picture of a page: the tesseract program, fed and read through pipes.

Belongs here: whether tesseract is there, one call of it, its answer as words. Does not belong: turning and cleaning
pictures (``picture``), lines (``layout``).

The program and not a binding: a page that crashes or stalls it costs that page, and pytesseract passes pictures
through files, which a worker may not write.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nq57_assets.readers.layout import Word

if TYPE_CHECKING:
    from PIL import Image

LANGUAGE = "vie"
SECONDS_A_PAGE = 15
MOST_STALLS = 2
_CLOCK = 8
MISSING = (
    "là ảnh chụp hoặc bản quét, máy chủ chưa cài bộ nhận dạng chữ"
    " (chạy: apt-get install tesseract-ocr tesseract-ocr-vie)"
)
STALLED = f"nhận dạng chữ quá {SECONDS_A_PAGE} giây"
TOO_SLOW = "các trang trước đã mất quá nhiều thời gian"
ILLEGIBLE = "ảnh trang không đủ rõ để nhận dạng chữ"
WITHOUT_TEXT = "trang ảnh không có chữ nhận ra được"
_WORD_LEVEL = "5"


class PageTimeoutError(RuntimeError):
    """Tesseract found no end on a picture."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words of one picture in its pixels, and the mean confidence of their characters, 0 to 1."""

    words: tuple[Word, ...]

    @property
    def confidence(self) -> float:
        """Mean confidence, each word weighing by its length; 0 of none."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / letters if letters else 0.0


@lru_cache(maxsize=1)
def engine() -> str | None:
    """Return e.g. ``tesseract 5.3.0 vie``; None where the program or its Vietnamese data is missing."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        languages, version = (
            subprocess.run(  # noqa: S603 - no part of a submission is in the command
                [program, option], capture_output=True, timeout=20, check=False, env=_environment()
            ).stdout.decode("utf-8", "replace")
            for option in ("--list-langs", "--version")
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return f"{version.partition(chr(10))[0].strip()} {LANGUAGE}" if LANGUAGE in languages.split() else None


def _environment() -> dict[str, str]:
    # One thread: two workers on two cores read more pages than one page spread over both.
    kept = {key: os.environ[key] for key in ("PATH", "TESSDATA_PREFIX") if key in os.environ}
    return {**kept, "OMP_THREAD_LIMIT": "1"}


def _run(picture: Image.Image, *options: str) -> str:
    """Return what tesseract writes to its standard output.

    Raises:
        PageTimeoutError: It takes more than ``SECONDS_A_PAGE`` of processor time, or many times that on the clock.
    """
    sink = io.BytesIO()
    picture.convert("L").save(sink, "PPM")
    command = [shutil.which("tesseract") or "tesseract", "stdin", "stdout", *options]
    with subprocess.Popen(  # noqa: S603 - no part of a submission is in the command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    ) as process:
        # Processor time and not the clock: what a page yields must not depend on how busy the machine is.
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (SECONDS_A_PAGE, SECONDS_A_PAGE + 1))
        try:
            answer, _ = process.communicate(sink.getvalue(), timeout=_CLOCK * SECONDS_A_PAGE)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise PageTimeoutError from error
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise PageTimeoutError
    return answer.decode("utf-8", "replace") if process.returncode == 0 else ""


def recognise(picture: Image.Image, dpi: int, mode: int = 4, language: str = LANGUAGE) -> Recognised:
    """Return the words of a grey picture.

    Args:
        picture: Upright page or part of a page.
        dpi: Its resolution; tesseract guesses badly.
        mode: Tesseract's page segmentation mode; 4 takes the page as one column of lines, 7 as a single line.
        language: Trained data to use.

    Raises:
        PageTimeoutError: No end was found.
    """
    answer = _run(
        picture, "-l", language, "--psm", str(mode), "--dpi", str(dpi), "-c", "tessedit_create_tsv=1"
    )
    words = []
    for row in answer.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == _WORD_LEVEL and cells[11].strip():
            left, top, width, height = (float(cell) for cell in cells[6:10])
            confidence = max(0.0, min(1.0, float(cells[10]) / 100))
            words.append(Word(cells[11].strip(), left, top, left + width, top + height, confidence))
    return Recognised(tuple(words))


def orientation(picture: Image.Image) -> int:
    """Return by how many degrees to turn a picture clockwise so that its text stands upright; 0 where unsure."""
    try:
        answer = _run(picture, "--psm", "0", "--dpi", "150", "-l", "osd")
    except PageTimeoutError:
        return 0
    told = dict(line.split(":", 1) for line in answer.splitlines() if ":" in line)
    try:
        if float(told.get("Orientation confidence", "0")) < 1.0:
            return 0
        return int(told.get("Rotate", "0")) % 360
    except ValueError:
        return 0
