"""A hold begins with a hand and only so, survives restarts, and ends when its time is over."""

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from custom_components.smart_window.hands import REMEMBERED, Hands, Hold, HoldCause

HOUR = 3600.0


def seen(*hand_ids: str | None, now: float = 0.0) -> Hands:
    hands = Hands()
    for hand_id in hand_ids:
        hands = hands.see(hand_id, now, 1000.0 + now, HOUR)
    return hands


@pytest.mark.parametrize("first", [None, "h1"])
def test_the_first_state_ever_seen_only_sets_the_start(first: str | None) -> None:
    hands = seen(first)
    assert hands.hold is None
    assert hands.handled is not None
    assert seen(first, first).hold is None


def test_a_new_id_is_a_hand() -> None:
    for hands in (seen(None, "h1"), seen("h0", "h1"), seen("h0", None, "h1")):
        assert hands.hold == Hold(HoldCause.WINDOW, HOUR, HOUR, 1000.0 + HOUR)


def test_no_id_is_no_hand() -> None:
    assert seen("h0", None).hold is None


@pytest.mark.parametrize("age", range(REMEMBERED))
def test_an_id_among_the_last_sixteen_is_no_hand(age: int) -> None:
    ids = [f"h{n}" for n in range(30)]
    hands = seen(None, *ids).release()
    assert hands.see(ids[-1 - age], 0, 0, HOUR) == hands


def test_sixteen_ids_are_kept() -> None:
    hands = seen(None, *(f"h{n}" for n in range(30)))
    assert hands.handled == tuple(f"h{n}" for n in range(14, 30))


def test_a_persons_command_is_a_hand() -> None:
    hands = seen("h0").take(5.0, 1005.0, HOUR)
    assert hands.hold == Hold(HoldCause.PERSON, HOUR, 5.0 + HOUR, 1005.0 + HOUR)
    assert hands.handled == ("h0",)


def test_a_later_hand_prolongs_the_hold() -> None:
    hands = seen("h0").take(0.0, 1000.0, HOUR).see("h1", 100.0, 1100.0, HOUR)
    assert hands.hold is not None
    assert hands.hold.ends_at == 100.0 + HOUR


def test_a_hold_ends_at_its_time() -> None:
    hands = seen("h0", "h1")
    assert hands.at(HOUR - 0.1, 1000.0 + HOUR - 0.1) is hands
    assert hands.at(HOUR, 1000.0 + HOUR) == hands.release()


def test_a_clock_that_is_set_moves_the_end_that_is_shown_and_no_other() -> None:
    hands = seen("h0", "h1")
    later = hands.at(600.0, 1600.0 - 3 * HOUR)
    assert later.hold == Hold(HoldCause.WINDOW, HOUR, HOUR, 1600.0 - 3 * HOUR + HOUR - 600.0)
    assert hands.at(600.0, 1600.0 + 59.0) is hands


def test_a_hold_goes_on_while_home_assistant_is_down() -> None:
    stored = seen("h0", "h1").to_dict()
    back = Hands.from_dict(stored, 5.0, 1000.0 + 1200.0)
    assert back.hold == Hold(HoldCause.WINDOW, HOUR, 5.0 + HOUR - 1200.0, 1000.0 + HOUR)
    assert Hands.from_dict(stored, 5.0, 1000.0 + HOUR) == seen("h0", "h1").release()


def test_a_hold_never_outlasts_its_length_when_the_clock_was_set_back() -> None:
    back = Hands.from_dict(seen("h0", "h1").to_dict(), 5.0, 1000.0 - 10 * HOUR)
    assert back.hold is not None
    assert back.hold.ends_at == 5.0 + HOUR
    assert back.hold.ends_wall == 1000.0 - 9 * HOUR


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], "x", {}, {"handled": [], "hold": 1}, {"handled": "h", "hold": None}, {"hold": None}),
        {"handled": ["h"] * 17, "hold": None},
        {"handled": ["h"], "hold": {"cause": "ghost", "length_s": 1, "ends": 1}},
        {"handled": ["h"], "hold": {"cause": "window", "length_s": float("nan"), "ends": 1}},
        {"handled": [None], "hold": None},
    ],
)
def test_a_store_that_does_not_fit_gives_a_fresh_start(data: object) -> None:
    assert Hands.from_dict(data, 0, 0) == Hands()


ids = st.none() | st.sampled_from([f"h{n}" for n in range(40)])


@given(st.lists(ids), st.integers(0, 10**6), st.booleans())
def test_hands_survive_the_store(hand_ids: list[str | None], now: int, taken: bool) -> None:
    hands = seen(*hand_ids, now=now)
    hands = hands.take(now, 1000.0 + now, HOUR) if taken else hands
    stored = json.loads(json.dumps(hands.to_dict()))
    assert Hands.from_dict(stored, now, 1000.0 + now) == hands


@dataclass
class Press:
    """The window's side: the id in flash, and the states that its outbox may still repeat."""

    hand_id: str | None = None
    count: int = 0
    outbox: list[str | None] = field(default_factory=list)


class HandsMachine(RuleBasedStateMachine):
    """A window that is pressed, and a Home Assistant that hears of it in any order and restarts at any moment."""

    @initialize(first=st.none() | st.just("h0"))
    def begin(self, first: str | None) -> None:
        self.now = 0.0
        self.device = Press(first)
        self.hands = Hands().see(first, self.now, self.now, HOUR)
        self.saved = self.hands.to_dict()
        self.dealt = {first}
        self.expected_until = float("-inf")

    @rule()
    def press(self) -> None:
        self.device.count += 1
        self.device.outbox.append(self.device.hand_id)
        self.device.hand_id = f"p{self.device.count}"

    @rule()
    def report(self) -> None:
        self._hear(self.device.hand_id)

    @rule(back=st.integers(1, 3))
    def outbox_repeats(self, back: int) -> None:
        repeated = self.device.outbox[-back:][:1]
        for hand_id in repeated:
            if hand_id in self.dealt:
                self._hear(hand_id)

    @rule()
    def flash_is_new(self) -> None:
        self._hear(None)

    @rule(seconds=st.floats(1, HOUR))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.hands = self.hands.at(self.now, self.now)

    @rule()
    def restart(self) -> None:
        self.hands = Hands.from_dict(self.saved, self.now, self.now)

    @rule()
    def release(self) -> None:
        self.hands = self.hands.release()
        self.saved = self.hands.to_dict()
        self.expected_until = float("-inf")

    def _hear(self, hand_id: str | None) -> None:
        self.hands = self.hands.see(hand_id, self.now, self.now, HOUR)
        self.saved = self.hands.to_dict()
        if hand_id is not None and hand_id not in self.dealt:
            self.dealt.add(hand_id)
            self.expected_until = self.now + HOUR

    @invariant()
    def there_is_a_hold_exactly_after_a_hand(self) -> None:
        hold = self.hands.hold
        assert (hold is not None) == (self.now < self.expected_until)
        if hold is not None:
            assert hold.ends_at == pytest.approx(self.expected_until)


test_hands_in_any_order = HandsMachine.TestCase
