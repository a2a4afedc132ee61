"""A person asks the model: now, whatever changed, and perhaps without letting it act."""

import asyncio
from typing import Final

from homeassistant.core import callback

from .command import command_error
from .hub import Hub
from .question import Ended, How, Wish
from .station import Station

LATE_S: Final = 5.0
"""A question ends by itself at its time limit. Whoever waits for it gives up a little later."""


@callback
def ask(hub: Hub, station: Station, wish: Wish) -> str:
    """Let the question leave; its id. HomeAssistantError, translated, says why it cannot."""
    window, decision = station.window, station.decision
    if not hub.outbox.connected:
        raise command_error("mqtt_disconnected")
    if not station.online or decision is None:
        raise command_error("window_offline", name=station.name)
    if (forbids := decision.forbids_owner) is not None:
        raise command_error("cannot_ask", name=station.name, reason=hub.wording.of(station, forbids.why))
    if window.question is not None:
        raise command_error("question_out", name=station.name)
    if not window.may_be_asked(hub.clock.now()):
        raise command_error("nothing_measured", name=station.name)
    return hub.asker.ask_for(station, decision, wish)


async def advice(hub: Hub, station: Station) -> Ended:
    """What the model would do; nothing moves. HomeAssistantError, translated, when there is no answer."""
    correlation_id = ask(hub, station, Wish.ADVICE)
    over = asyncio.Event()

    @callback
    def changed() -> None:
        if _is_over(station, correlation_id):
            over.set()

    stop = station.listen(changed)
    try:
        async with asyncio.timeout(station.window.settings.question_timeout_s + LATE_S):
            await over.wait()
    except TimeoutError as error:
        raise command_error("service_silent", name=station.name) from error
    finally:
        stop()
    ended = station.window.last_question
    if ended is None or ended.question.correlation_id != correlation_id:
        raise command_error("question_dropped", name=station.name)
    if ended.how is How.NO_ANSWER or ended.response is None:
        raise command_error("service_silent", name=station.name)
    if (failure := ended.response.error) is not None:
        raise command_error("service_cannot", name=station.name, reason=failure.message)
    return ended


def _is_over(station: Station, correlation_id: str) -> bool:
    question = station.window.question
    return question is None or question.correlation_id != correlation_id
