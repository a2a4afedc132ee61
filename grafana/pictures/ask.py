"""Asks what a dashboard shows at the simulated house's last moment."""

from grafana.board import Annotation, Board
from grafana.example.house import House, places
from grafana.example.reader import Answer, Reader
from grafana.macros import Choice, View, expand

from . import theme, words
from .over_time import Mark
from .page import Shown
from .series import DAY_S

_DEVICE = "bedroom"
_UNDONE = f"SELECT argMax(correlation_id, ts) FROM corrections WHERE kind = 'undone' AND device_id = '{_DEVICE}'"  # noqa: S608  # ours


async def asked(board: Board, reader: Reader, house: House) -> Shown:
    """Everything that it shows over its own range, of all windows or the bedroom's. Raises ReaderError."""
    names = {place.device_id: place.name for place in places(house.days)}
    chosen = Choice((_DEVICE,)) if board.one_device else Choice(tuple(names), everything=True)
    said = f"Window: {names[_DEVICE] if board.one_device else 'All'}"
    question = ""
    if board.has_question:  # one that a hand undid: its chain is the longest
        ((found,),) = (await reader.ask(_UNDONE)).rows
        question = str(found)
        said += f"        Question: {question[:8]}…"
    end = round(house.end * 1000)
    variables = {"device": chosen, "question": Choice((question,))}
    view = View(end - board.hours * 3_600_000, end, variables=variables)
    answers: dict[str, Answer] = {}
    for panel in board.panels:
        for query in panel.queries:
            answers[query.file] = await reader.ask(expand(query.sql, view))
    marks = [mark for one in board.annotations for mark in await _marks(one, reader, view)]
    return Shown(board, view, answers, marks, said)


async def _marks(annotation: Annotation, reader: Reader, view: View) -> list[Mark]:
    answer = await reader.ask(expand(annotation.query.sql, view))
    ends = answer.column("timeEnd") if "timeEnd" in answer.names else [None] * len(answer.rows)
    colour = theme.colour(annotation.colour)
    found: list[Mark] = []
    for begin, end, text in zip(answer.column("time"), ends, answer.column("text"), strict=True):
        first, last = words.moment(begin), words.moment(end)
        if first is not None:
            until = None if last is None else last.timestamp() / DAY_S
            found.append(Mark(annotation.name, first.timestamp() / DAY_S, until, colour, str(text)))
    return found
