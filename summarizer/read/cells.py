"""Lines of CSV or TSV to rows of cells, by the ``csv`` module. Comes after ``lines``, before ``delimited``.

A quotation mark that is not closed spoils its own row only: reading goes on at the line after the one it stands in.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.read import decode
from summarizer.read.decode import Line, megabytes

OTHER_DELIMITERS = (";", "\t", ",", "|")
"""Tried where the column of the text is not found otherwise: some spreadsheets write CSV with semicolons."""
MEND = "Close quotation marks, double those inside quoted text, and end lines with a line feed."


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    :param number: its first line, from 1.
    :param fault: why it cannot be used; ``cells`` is empty then.
    """

    number: int
    cells: list[str]
    warnings: tuple[str, ...] = ()
    fault: str = ""
    mend: str = ""


class _Feed(Iterator[str]):
    """Hands lines to ``csv.reader``, remembers those of the row in hand and can hand them out again."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._size = 0
        self.taken: list[Line] = []

    def __next__(self) -> str:
        if self._size > decode.MAX_BYTES:
            raise csv.Error(f"a row of more than {megabytes(decode.MAX_BYTES)}, the limit")
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line.text)
        return line.text

    def begin(self, *, give_back: int = 0) -> None:
        """Start a row, having put the last ``give_back`` lines of the one before back."""
        self._again.extendleft(reversed(self.taken[len(self.taken) - give_back :]))
        self.taken, self._size = [], 0


def rows_of_cells(lines: Iterator[Line], delimiter: str, text_name: str) -> Iterator[Row]:
    """Yield the rows that hold anything, the one of column names first.

    :param delimiter: the format's own; another is taken where only that finds the column ``text_name``.
    """
    csv.field_size_limit(max(csv.field_size_limit(), decode.MAX_BYTES))
    feed = _Feed(lines)
    first = next((text for text in feed if text.strip() or feed.taken[-1].fault), None)
    if first is None:
        return
    feed.begin(give_back=1)
    delimiter = _delimiter(first, delimiter, text_name)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    width = 0
    while True:
        try:
            cells, fault = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], _fault(error)
        row, used = _row(feed.taken, cells, fault, delimiter, width)
        feed.begin(give_back=len(feed.taken) - used)
        if row.fault or any(cell.strip() for cell in row.cells):
            width = width or len(row.cells)
            yield row


def _row(lines: list[Line], cells: list[str], fault: str, delimiter: str, width: int) -> tuple[Row, int]:
    """Return the row that the lines make, and how many of them it is made of."""
    first = lines[0]
    warnings = tuple(dict.fromkeys(warning for line in lines for warning in line.warnings))
    spoilt = next((line for line in lines if line.fault), None)
    if spoilt is not None:
        used = 1 if fault else len(lines)
        if spoilt is not first and used == 1:
            return Row(first.number, [], fault=fault, mend=MEND), 1
        return Row(spoilt.number, [], fault=spoilt.fault, mend=spoilt.mend), used
    # TSV is often written without quoting: a quotation mark is one, and a tab is never inside a cell.
    if delimiter == "\t" and (fault or any("\t" in cell for cell in cells)):
        plain = first.text.rstrip("\r\n").split("\t")
        if len(plain) == width:
            return Row(first.number, plain, first.warnings), 1
    if fault:
        return Row(first.number, [], fault=fault, mend=MEND), 1
    return Row(first.number, cells, warnings), len(lines)


def _fault(error: csv.Error) -> str:
    reason = "its lines end in carriage returns alone" if "new-line character" in str(error) else str(error)
    return f"not CSV ({reason})"


def _delimiter(first: str, own: str, text_name: str) -> str:
    """Return the delimiter by which the first row names the column of the text, or else the format's own."""
    for delimiter in (own, *OTHER_DELIMITERS):
        if text_name in (name.strip().strip('"') for name in first.split(delimiter)):
            return delimiter
    return own
