"""Pictures of the dashboards: each can be drawn from what its queries answer, and says so."""

from pathlib import Path

import pytest
from PIL import Image

from grafana.board import Board
from grafana.boards import BOARDS
from grafana.example.reader import Answer
from grafana.panel import Unit
from grafana.pictures import words
from grafana.pictures.ask import asked
from grafana.pictures.page import draw
from grafana.pictures.series import of_answer

from .conftest import Recorded

ROOT = Path(__file__).parents[2]
IN_THE_SESSION = pytest.mark.asyncio(loop_scope="session")
LINES = Answer(
    names=("time", "device_id", "name", "temperature"),
    types=("DateTime('UTC')", "LowCardinality(String)", "String", "Float64"),
    rows=(
        ("2026-10-09 10:00:00", "attic", "Attic", 20.0),
        ("2026-10-09 10:00:00", "bath", "Bathroom", 25.0),
        ("2026-10-09 10:10:00", "attic", "Attic", None),
        ("2026-10-09 10:20:00", "attic", "Attic", 21.0),
        ("2026-10-09 10:40:00", "attic", "Attic", 22.0),
        ("2026-10-09 13:40:00", "attic", "Attic", 22.5),
    ),
    read_rows=6,
    server_ms=1.0,
)


@pytest.mark.parametrize("board", [pytest.param(board, id=board.file[:-5]) for board in BOARDS])
@IN_THE_SESSION
async def test_each_dashboard_is_drawn_and_shown_in_its_page(recorded: Recorded, board: Board, tmp_path: Path) -> None:
    path = tmp_path / "drawn.png"
    draw(await asked(board, recorded.reader, recorded.house), 412.0, path)
    with Image.open(path) as drawn:
        assert drawn.width == 618
        assert drawn.height > 1000
        assert len(drawn.convert("RGB").getcolors(maxcolors=1 << 16) or ()) > 20
    picture = f"images/dashboard-{board.file.removesuffix('.json')}.png"
    assert picture in (ROOT / "docs" / "DASHBOARDS.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / picture).exists()


def test_each_label_is_a_line_and_a_long_silence_stays_open() -> None:
    attic, bath = of_answer(LINES, "name")
    assert (attic.label, bath.label) == ("Attic", "Bathroom")
    assert attic.values == [20.0, 21.0, 22.0, 22.5]
    _, values = attic.with_gaps()
    assert [str(value) for value in values] == ["20.0", "21.0", "22.0", "nan", "22.5"]


def test_values_bear_their_unit() -> None:
    now = words.moment("2026-10-09 12:00:00")
    assert now is not None
    assert words.shown(0.837, Unit.SHARE, 1, now) == "83.7 %"
    assert words.shown(3.0, Unit.WINDOWS, None, now) == "3 windows"
    assert words.shown("2026-10-09 09:00:00", Unit.AGO, None, now) == "3 hours ago"
    assert words.shown(1000 * now.timestamp() - 61_000, Unit.AGO, None, now) == "1 minute ago"
    assert words.shown(None, Unit.CELSIUS, 1, now) == ""
