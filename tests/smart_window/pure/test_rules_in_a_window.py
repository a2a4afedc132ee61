"""What the rules make of a window's life: holds of each kind, hazards from first to last, commands and their reason."""

from dataclasses import replace

import pytest

from custom_components.smart_window.contract import ControlResult, Operation, Result, Source
from custom_components.smart_window.decision import Blocked, Why
from custom_components.smart_window.hands import UNTIL_RELEASED_S, HoldCause
from custom_components.smart_window.inputs import Surroundings
from custom_components.smart_window.settings import HoldRule, HubSettings, Mode, WindowSettings

from .house import House

CALM = Surroundings(wind_speed=2.0, local_minute=1380.0)
STORM = replace(CALM, wind_speed=20.0)


def settled(settings: HubSettings | None = None, mode: Mode = Mode.AUTOMATIC) -> House:
    house = House(settings or HubSettings(), mode)
    house.window.surround(CALM, house.now)
    return house.settle()


def command(house: House, name: str = "c") -> None:
    """What the shell does with a decision that commands."""
    house.window.command(name, house.decision(), house.now, house.wall)


def test_inputs_that_come_after_the_live_state_are_awaited_and_the_end_of_that_wakes_it() -> None:
    house = House()
    house.report()
    house.now += 10.0
    house.window.surround(CALM, house.now)
    house.temperature(20.0)
    settled_at = house.now + house.settings.settle_s
    house.wait(house.settings.settle_s, alive=False)
    assert house.now == pytest.approx(settled_at)
    assert [request.temperature for request in house.asked] == [20.0]


@pytest.mark.parametrize(
    ("rule", "lasts_s"),
    [
        (HoldRule.MINUTES, 3600.0),
        (HoldRule.UNTIL_MORNING, 8 * 3600.0),
        (HoldRule.UNTIL_RELEASED, UNTIL_RELEASED_S),
    ],
)
def test_how_long_a_hold_lasts(rule: HoldRule, lasts_s: float) -> None:
    house = settled(HubSettings(hold_rule=rule))
    house.window.surround(CALM, house.now)
    house.window.take_hand(house.now, house.wall)
    hold = house.window.hands.hold
    assert hold is not None
    assert hold.length_s == pytest.approx(lasts_s)
    assert hold.began_at == pytest.approx(house.now)
    assert hold.until_released == (rule is HoldRule.UNTIL_RELEASED)
    shown = house.window.hold_until
    assert shown is None if hold.until_released else shown == pytest.approx(house.wall + lasts_s)
    assert house.why() is Why.HELD


def test_where_nobody_tells_the_time_a_hold_until_the_morning_lasts_its_minutes() -> None:
    house = House(HubSettings(hold_rule=HoldRule.UNTIL_MORNING)).settle()
    house.window.take_hand(house.now, house.wall, HoldCause.AUTOMATION)
    hold = house.window.hands.hold
    assert hold is not None
    assert (hold.length_s, hold.cause) == (3600.0, HoldCause.AUTOMATION)


@pytest.mark.parametrize("by_window", [True, False])
def test_what_reigned_between_two_words_of_it_is_calm_only_after_the_second(*, by_window: bool) -> None:
    house = settled(HubSettings(calm_s=60.0))

    def wet(*, now: bool) -> None:
        if by_window:
            house.report(replace(house.next, rain=now))
        else:
            house.window.surround(replace(CALM, rain=now), house.now)

    wet(now=True)
    for _ in range(5):  # readings alone, which look at no hazard
        house.now += 10.0
        house.temperature(20.0)
    wet(now=False)
    house.now += 59.0
    house.window.tick(house.now, house.wall)
    assert house.window.hazards.reign
    house.now += 2.0
    house.window.tick(house.now, house.wall)
    assert not house.window.hazards.reign


def test_a_hazard_is_told_commanded_repeated_and_over() -> None:
    house = settled(HubSettings(calm_s=60.0))
    assert house.window.surround(STORM, house.now).hazard
    decision = house.decision()
    control = house.window.command("c1", decision, house.now, house.wall)
    assert (control.source, control.position, (control.session, control.rev)) == (
        Source.SAFETY,
        0.0,
        house.window.fence,
    )
    assert house.decision().command is None
    house.now += 1.0
    command(house, "c2")
    house.hear(ControlResult("c2", Result.ACCEPTED))
    closing = replace(house.next, target=0.0, operation=Operation.CLOSING, source=Source.SAFETY, command_id="c2")
    house.report(closing)
    house.wait(5.0)
    assert house.decision().command is None
    house.report(replace(house.next, position=0.0, target=0.0, operation=Operation.IDLE))
    assert house.why() is Why.WIND
    assert not house.decision().grant.act
    assert not house.window.surround(CALM, house.now).hazard
    assert any(changes.hazard for changes in house.wait(61.0))
    assert house.decision().grant.act
    assert house.window.hazards.reign == ()


def test_a_hazard_waits_until_the_window_and_the_inputs_have_settled() -> None:
    house = House(mode=Mode.AUTOMATIC)
    house.report()
    house.now += 20.0
    house.window.surround(STORM, house.now)
    house.now += 20.0
    assert (house.decision().command, house.why()) == (None, Why.WIND)
    house.now += 10.0
    assert house.decision().command is not None


def test_a_window_that_went_silent_in_a_storm_is_told_after_the_settling_time() -> None:
    house = settled()
    house.window.disconnected()
    house.window.surround(STORM, house.now)
    house.window.tick(house.now, house.wall)
    assert house.decision().could_not_close is None
    wake = house.window.wake_at(house.now)
    assert wake is not None
    assert wake <= house.now + 30.0
    house.now += 30.0
    house.window.tick(house.now, house.wall)
    found = house.decision().could_not_close
    assert found is not None
    assert found.blocked is Blocked.OFFLINE


def test_nothing_is_commanded_that_was_not_decided() -> None:
    house = settled()
    with pytest.raises(ValueError, match="no command to bedroom is due"):
        command(house)


def test_another_setting_of_the_window_counts_at_once() -> None:
    house = settled()
    house.window.set_own(WindowSettings(band_max=40.0))
    assert house.decision().grant.max == 40.0
    assert house.why() is Why.READY
    assert house.window.surroundings == CALM


def test_a_move_by_the_plain_rule_is_the_reason_until_the_model_is_back() -> None:
    house = settled(HubSettings(shortest_pause_s=10.0))
    house.window.surround(replace(CALM, co2=2500.0), house.now)
    house.temperature(25.0)
    house.wait(11.0)
    assert house.window.question is None
    decision = house.decision()
    assert decision.command is not None
    command(house)
    house.hear(ControlResult("c", Result.ACCEPTED))
    house.report(replace(house.next, target=100.0, position=100.0, command_id="c", source=Source.FALLBACK))
    assert house.decision().why is Why.PAUSE
    assert house.why() is Why.FALLBACK
    house.window.set_mode(Mode.AUTOMATIC)
    assert house.why() is Why.PAUSE


def test_after_mqtt_was_gone_the_plain_rule_waits_for_a_reading_and_a_question() -> None:
    house = settled(HubSettings(shortest_pause_s=10.0))
    house.window.surround(replace(CALM, co2=2500.0), house.now)
    house.temperature(25.0)
    house.wait(11.0)
    assert house.decision().command is not None
    house.window.disconnected()
    house.report()
    house.wait(60.0)
    snapshot = house.window.snapshot(house.now, house.services)
    assert not snapshot.news
    assert not snapshot.on_duty
    assert house.decision().command is None
