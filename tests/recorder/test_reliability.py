"""How right the answers were that were so sure, recomputed from the record on the real engine."""

from dataclasses import dataclass
from random import Random

import pytest

from custom_components.smart_window.corrections import WITHIN_S
from custom_components.smart_window.recorder.client import Client
from custom_components.smart_window.recorder.encode import Encoded, encode
from custom_components.smart_window.recorder.outbox import Batch
from custom_components.smart_window.recorder.rows import (
    ActionKind,
    ActionRow,
    CorrectionKind,
    CorrectionRow,
    PredictionRow,
    Row,
)
from custom_components.smart_window.recorder.server import ServerSettings
from replay import __main__ as program
from replay.reliability import Step, calibration_error, lines, steps

NOW = 1_795_363_200.0
SINCE = NOW - 30 * 86_400


@dataclass(frozen=True)
class Told:
    """One answer, and what came of it."""

    name: str
    device_id: str
    version: str
    ago_s: float
    confidence: float | None
    moved: bool
    judged: CorrectionKind | None

    @property
    def right(self) -> bool | None:
        match self.judged:
            case CorrectionKind.UNDONE | CorrectionKind.REFUSED:
                return False
            case CorrectionKind.AGREED:
                return True
            case None:
                return True if self.moved and self.ago_s > WITHIN_S else None

    def rows(self) -> list[Row]:
        at = NOW - self.ago_s
        made: list[Row] = [
            PredictionRow(
                ts=at,
                device_id=self.device_id,
                correlation_id=self.name,
                position=40,
                confidence=self.confidence,
                model_version=self.version,
                acted=self.moved,
                grant_act=True,
                grant_min=0,
                grant_max=100,
                grant_min_confidence=0,
            )
        ]
        if self.moved:
            made += [
                ActionRow(ts=at + after, device_id=self.device_id, kind=kind, result=result, correlation_id=self.name)
                for after, kind, result in ((1, ActionKind.RESULT, "accepted"), (9, ActionKind.MOVED, None))
            ]
        if self.judged is not None:
            made.append(
                CorrectionRow(
                    ts=at + 60,
                    device_id=self.device_id,
                    correlation_id=self.name,
                    kind=self.judged,
                    confidence=self.confidence,
                    model_version=self.version,
                )
            )
        return made


def history(seed: int, count: int) -> list[Told]:
    """Answers of two versions at two windows: v1 is as often right as it is sure, v2 is always sure and errs often."""
    draw, told = Random(seed), []
    for number in range(count):
        version = draw.choice(["v1", "v2"])
        confidence = round(draw.random(), 3) if version == "v1" else 0.95
        moved = draw.random() < 0.7
        right = draw.random() < (confidence if version == "v1" else 0.5)
        wrong = CorrectionKind.UNDONE if moved else CorrectionKind.REFUSED
        judged = wrong if not right else None if moved else draw.choice([CorrectionKind.AGREED, None])
        told.append(
            Told(
                f"q{number}",
                draw.choice(["bedroom", "attic"]),
                version,
                draw.uniform(1, 40 * 86_400),
                None if draw.random() < 0.05 else confidence,
                moved,
                judged,
            )
        )
    return told


def reckoned(told: list[Told], device_id: str | None = None) -> list[Step]:
    """The same by hand."""
    groups: dict[tuple[str, int], list[Told]] = {}
    for one in told:
        if one.confidence is None or one.right is None or one.ago_s > NOW - SINCE:
            continue
        if device_id in {None, one.device_id}:
            groups.setdefault((one.version, min(int(one.confidence * 10), 9)), []).append(one)
    return [
        Step(
            version,
            number,
            len(group),
            sum(one.confidence or 0 for one in group) / len(group),
            sum(one.right is True for one in group),
        )
        for (version, number), group in sorted(groups.items())
    ]


@pytest.fixture
async def told(settings: ServerSettings) -> list[Told]:
    """A month and a bit, in the record."""
    made = history(7, 1500)
    client = Client(settings)
    await client.open()
    by_table: dict[str, list[Encoded]] = {}
    for one in made:
        for row in map(encode, one.rows()):
            by_table.setdefault(row.table.name, []).append(row)
    for table, rows in by_table.items():
        await client.insert(Batch(table, f"of-{table}", tuple(row.values for row in rows)))
    await client.close()
    return made


@pytest.mark.parametrize("device_id", [None, "bedroom"])
async def test_each_step_holds_the_answers_that_were_so_sure_and_what_came_of_them(
    settings: ServerSettings, told: list[Told], device_id: str | None
) -> None:
    client = Client(settings)
    await client.open()
    found = await steps(client, device_id, SINCE, NOW, NOW)
    await client.close()
    expected = reckoned(told, device_id)
    assert [(s.version, s.number, s.count, s.right) for s in found] == [
        (s.version, s.number, s.count, s.right) for s in expected
    ]
    assert [s.sure for s in found] == pytest.approx([s.sure for s in expected], abs=1e-9)
    honest, bold = ([step for step in found if step.version == version] for version in ("v1", "v2"))
    # Only suggestions that somebody judged count, so that v1 is not exactly as right as it is sure.
    assert calibration_error(honest) < 0.15
    assert calibration_error(bold) > 0.3


async def test_the_command_prints_the_diagram_of_each_version(
    settings: ServerSettings,
    told: list[Told],
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = await program._judge("attic", settings, SINCE, NOW, NOW)
    printed = capsys.readouterr().out.splitlines()
    assert status == 0
    assert printed == lines(reckoned(told, "attic"))
    assert sum("calibration error" in line for line in printed) == 2


def test_a_window_must_be_named_where_questions_are_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["--endpoints", "nowhere.json"])
    assert "--device" in capsys.readouterr().err


def test_where_nothing_was_judged_that_is_said() -> None:
    assert "no answer with an outcome" in lines([])[0]


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert Step("v1", 8, 10, 0.85, 8).between == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Step("v1", 9, 3, 0.95, 3).between[1] == 1.0
    assert Step("v1", 9, 3, 0.95, 0).between[0] == 0.0


def test_the_calibration_error_is_weighed_by_the_answers() -> None:
    assert calibration_error([Step("v", 9, 30, 0.9, 27), Step("v", 5, 10, 0.5, 1)]) == pytest.approx(0.1)
