"""Ten situations that an owner meets, played by the pure core and the virtual window: docs/DECISIONS.md.

Print the document: .venv/bin/python -m tests.smart_window.pure.situations
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from custom_components.smart_window.contract import Control, MessageKind, Reason, Response, Source, Temperature, encode
from custom_components.smart_window.decision import Decision, Fact, Outcome, RuleVerdict
from custom_components.smart_window.inputs import ClimateRuns, Surroundings
from custom_components.smart_window.settings import HubSettings, Mode, WindowSettings
from custom_components.smart_window.words import Templates, alarm, facts_of, sentence
from simulator.device.inputs import Rain, Stall
from simulator.device.words import Button

from .twin import Letter, Twin

TRANSLATIONS = Path(__file__).parents[3] / "custom_components" / "smart_window" / "translations"
HEAD = """# Why a window did what it did

Ten situations. Each was played by the decision's own code together with the virtual window, over messages of the
contract: the sentences are what the reason says, in English and German, and the table is the trace of that decision.
Rules that have nothing against a move are named below the table. `what` tells what a rule made of the situation:
[trace.py](../custom_components/smart_window/decision/trace.py) explains the words. A test holds this page equal to what
`.venv/bin/python -m tests.smart_window.pure.situations` prints.
"""


@dataclass(frozen=True)
class Scene:
    """A situation and the decision that is shown."""

    title: str
    story: str
    twin: Twin
    decision: Decision


def house(mode: Mode = Mode.AUTOMATIC, own: WindowSettings | None = None, position: float = 60.0) -> Twin:
    """A window that has settled, with a reading of the day."""
    twin = Twin(HubSettings(), own or WindowSettings(), mode, position=position)
    twin.wait(31.0)
    twin.hear(Temperature(22.0))
    answer(twin, position, acted=False)
    twin.wait(30.0)
    return twin


def answer(
    twin: Twin, position: float, *, acted: bool = True, confidence: float = 0.86, because: str = "noise"
) -> None:
    """The service answers the last question."""
    request = twin.asked[-1].request
    if acted:
        fence = {"session": request.session, "rev": request.rev}
        control = Control(Source.ML, request.correlation_id, position=position, **fence)  # type: ignore[arg-type]
        twin.post(Letter(MessageKind.CONTROL, encode(control), to_home=False))
    reasons = (Reason(because, position - 60.0),)
    twin.hear(Response(request.correlation_id, position, confidence, reasons, "m-1", {}, acted, None))
    twin.deliver()


def loud_street() -> Scene:
    twin = house()
    twin.hear(Temperature(23.0))
    answer(twin, 10.0)
    story = "A lorry stops below the window. The model is asked, and closes within its grant."
    return Scene("The street gets loud", story, twin, twin.decision())


def rain() -> Scene:
    twin = house()
    twin.handle(Rain(wet=True))
    twin.deliver()
    story = "The window's own sensor gets wet. It closes by itself; the rules keep every machine from opening it again."
    return Scene("It rains", story, twin, twin.decision())


def rain_soon() -> Scene:
    twin = house()
    return _around(
        twin, Surroundings(rain_soon_s=1200.0), "Rain is coming", "The hourly forecast has rain in 20 minutes."
    )


def gusts() -> Scene:
    twin = house(Mode.PROTECT)
    story = "The window only protects: comfort never moves it, gusts do."
    return _around(twin, Surroundings(wind_speed=9.0, gust_speed=19.5), "Gusts, in the mode that only protects", story)


def hand_in_rain() -> Scene:
    twin = house(position=0.0)
    twin.surround(Surroundings(rain=True))
    twin.wait(60.0)
    twin.press(Button.OPEN)
    twin.deliver()
    twin.wait(25.0)
    story = "Somebody opens the window although it rains. The hand came after the rain began, so that it is knowing."
    return Scene("Opened by hand in the rain", story, twin, twin.decision())


def hand() -> Scene:
    twin = house()
    twin.press(Button.CLOSE)
    twin.deliver()
    twin.wait(600.0)
    story = "Somebody closed it ten minutes ago. The model is still asked, and may not act."
    return Scene("Closed by hand", story, twin, twin.decision())


def obstacle() -> Scene:
    twin = house()
    twin.surround(Surroundings(wind_speed=14.0))
    twin.deliver()
    twin.wait(2.0)
    twin.handle(Stall())
    twin.deliver()
    story = "A storm, and a flower pot on the sill: the sash stopped at it. Nothing but a person moves it now."
    return Scene("Something is in the way", story, twin, twin.decision())


def away() -> Scene:
    twin = house()
    return _around(twin, Surroundings(anybody_home=False), "Everybody left", "Nobody is at home: at most a tilt.")


def no_service() -> Scene:
    twin = house(position=10.0)
    twin.surround(Surroundings(co2=2222.5, outdoor_temperature=18.0))
    twin.hear(Temperature(23.0))
    story = "The inference service is down, and the air is used up: the plain rule decides."
    return _until_commanded(twin, "Nobody answers", story)


def heating() -> Scene:
    twin = house()
    twin.surround(Surroundings(climate=ClimateRuns.HEAT))
    story = "The radiator is on, and the window was open for its ten minutes of airing."
    return _until_commanded(twin, "Aired long enough", story)


SCENES: tuple[Callable[[], Scene], ...] = (
    loud_street,
    rain,
    rain_soon,
    gusts,
    hand_in_rain,
    hand,
    obstacle,
    away,
    no_service,
    heating,
)


def document() -> str:
    """The whole page."""
    templates = {language: _templates(language) for language in ("en", "de")}
    parts = [HEAD]
    for number, play in enumerate(SCENES, 1):
        parts.append("\n".join(_shown(number, play(), templates)))
    return "\n".join(parts)


def _around(twin: Twin, surroundings: Surroundings, title: str, story: str) -> Scene:
    twin.surround(surroundings)
    return _until_commanded(twin, title, story)


def _until_commanded(twin: Twin, title: str, story: str) -> Scene:
    """Until a rule of ours has commanded the window; that decision is shown."""
    twin.deliver()
    for _ in range(100):
        if twin.commanded:
            break
        twin.wait(10.0)
    return Scene(title, story, twin, twin.commanded[-1][2])


def _shown(number: int, scene: Scene, templates: dict[str, Templates]) -> Iterator[str]:
    window, decision = scene.twin.window, scene.decision
    told = decision.why if decision.command is not None else window.reason(decision)
    facts = facts_of(decision, told, window.last_question)
    yield f"## {number}. {scene.title}"
    yield ""
    yield scene.story
    yield ""
    for words in templates.values():
        yield f"> {sentence(told, facts, words)}"
        if decision.could_not_close is not None:
            yield f"> **{alarm(decision.could_not_close, words)}**"
        yield ">"
    state = scene.twin.device.state()
    yield f"> `{told}`, the window: position {_number(state.position)}, target {_number(state.target)}"
    yield ""
    yield "| rule | what | why | looked at |"
    yield "|---|---|---|---|"
    spoke = [verdict for verdict in decision.trace if verdict.outcome is not Outcome.PASS or verdict.wants is not None]
    shown = [*spoke, *(verdict for verdict in decision.trace if verdict.rule == "comfort")]
    for verdict in shown:
        yield f"| {verdict.rule} | {_outcome(verdict)} | {verdict.why} | {_facts(verdict)} |"
    yield ""
    silent = [verdict.rule for verdict in decision.trace if verdict not in shown]
    yield f"Nothing against it: {', '.join(silent)}."
    yield ""
    yield f"What follows: {'; '.join(_follows(decision))}."
    yield ""


def _follows(decision: Decision) -> Iterator[str]:
    command, grant, guard = decision.command, decision.grant, decision.guard
    if command is not None:
        yield f"a command to {command.position:g} % from `{command.source}`"
    act = "the model may act" if grant.act else "the model may not act"
    yield f"{act}, from {grant.min:g} to {grant.max:g} %"
    if guard is not None:
        yield "the guard allows machines" if guard.machines else "the guard allows no machine"


def _outcome(verdict: RuleVerdict) -> str:
    limit = "" if verdict.limit is None else f", at most {verdict.limit:g} %"
    wants = "" if verdict.wants is None else f", wants {verdict.wants:g} %"
    return f"{verdict.outcome}{limit}{wants}"


def _facts(verdict: RuleVerdict) -> str:
    return ", ".join(f"{name} {_number(value)}" for name, value in verdict.facts.items() if value is not None)


def _number(value: Fact) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _templates(language: str) -> Templates:
    found: Templates = json.loads((TRANSLATIONS / f"{language}.json").read_text())["common"]
    return found


if __name__ == "__main__":
    sys.stdout.write(document())
