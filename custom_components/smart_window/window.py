"""One window's state: a message goes in, what changed comes out. Pure: no Home Assistant, no clock.

The order of calls, for each window:

    changes = window.apply(message, now, wall, retained=…)    # each decoded message, responses and results too
    changes = window.surround(surroundings, now)              # whenever the chosen entities change, and each minute
    decision = window.decide(now, services.view)              # after anything that changed
    if decision.command is not None:                          # first: a new guard makes its fence old
        publish(window.command(new_id, decision, now, wall))
    window.guard_sent(decision.guard, now)                    # when the guard was published
    if window.due(now, decision) is not None:
        publish(window.ask(new_id, decision, now, wall, context))
    later(window.wake_at(now))                                # then window.tick(now, wall), and again from `decide`

`now` is monotonic and decides, `wall` is Unix seconds and is shown.
"""

from dataclasses import replace

from .changes import Changes, Prediction, Reading
from .contract import (
    Announce,
    Availability,
    Context,
    Control,
    ControlResult,
    Forget,
    Guard,
    Humidity,
    OtherContract,
    Request,
    Response,
    Result,
    Source,
    State,
    Temperature,
)
from .decision import Decision, Snapshot, Why, decide
from .decision.hazards import WIDE_OPEN, hazard_positions
from .decision.snapshot import has_closed_to
from .hands import HoldCause
from .inference_services import ServiceView
from .inputs import Surroundings
from .last_move import LastMove, set_in_motion
from .question import Ended, How, Question, Wish
from .senses import Measured
from .settings import HubSettings, Mode, WindowSettings
from .standing import Standing
from .telling import minds, told
from .trigger import GUARD_TIME_S, Cause

__all__ = ["Changes", "Prediction", "Reading", "Window", "WindowMessage"]

type OwnMessage = Announce | Forget | OtherContract | Availability | State | ControlResult | Measured
"""What the window itself sends."""
type WindowMessage = OwnMessage | Guard | Control | Response

_READINGS = (Temperature, Humidity)
_OF_OTHERS = (Control, Guard, Response)
_MODEL_FAILS = frozenset({Why.NO_ANSWER, Why.NO_RESULT, Why.NO_MODEL, Why.ANSWER_ERROR, Why.LOW_CONFIDENCE})
_MODEL_WORKS = frozenset({Why.MOVED_BY_MODEL, Why.UNCHANGED, Why.NOT_ACTED, Why.ADVISED})
_MAY_ACT_AGAIN = frozenset({Why.READY, Why.PAUSE})
_TELLS_THE_LAST = _MAY_ACT_AGAIN | {Why.MODE_ADVISE, Why.MODE_PROTECT}
"""Where these are the reason, how the last question ended says more."""


class Window(Standing):
    """One window, its hands, its trigger and its question."""

    # --- what comes in

    def apply(self, message: WindowMessage, now: float, wall: float, *, retained: bool = False) -> Changes:
        """Take a message. What does not concern this window's present question or state changes nothing."""
        if isinstance(message, _OF_OTHERS):
            # They come from others: they prove nothing about the window's life.
            return self._apply_of_others(message, now)
        self._presence.heard(now, wall, retained=retained)
        if isinstance(message, _READINGS):
            # It is no hazard's level, and comes more often than all else.
            return self._with_availability(self._take_measured(message, now, wall, retained=retained), now)
        turned = self._look(now) if isinstance(message, State) else False
        changes = self._with_hazards(self._apply_own(message, now, wall, retained=retained), now)
        return self._with_availability(replace(changes, hazard=True) if turned else changes, now)

    def tick(self, now: float, wall: float) -> Changes:
        """Let time do its part: holds and questions end, clips are given up, a silent window goes offline."""
        held, self.hands = self.hands, self.hands.at(now, wall)
        if held.hold is not None and self.hands.hold is None:
            self._rules_changed()
        changes = Changes(
            hold=held is not self.hands,
            ended=self._close(self._questions.expire(now), now),
            clips_given_up=self._senses.expire(now),
        )
        return self._with_availability(self._with_hazards(changes, now), now)

    def disconnected(self) -> None:
        """MQTT is gone: no question is out any more, the window is unheard, comfort waits for a new reading."""
        self._questions.drop()
        self._trigger.forget()
        self._presence.forget()
        self._orders.forget()
        self._news = self._on_duty = False

    def set_mode(self, mode: Mode) -> None:
        """The owner chose a mode. The next reading is worth a question again."""
        self.mode = mode
        self._rules_changed()

    def set_settings(self, settings: HubSettings) -> None:
        """The owner changed the options. The next reading is worth a question again."""
        self.settings = settings
        self._rules_changed()

    def set_own(self, own: WindowSettings) -> None:
        """The owner changed what is set for this window. The next reading is worth a question again."""
        self.own = own
        self._rules_changed()

    def surround(self, surroundings: Surroundings, now: float) -> Changes:
        """The chosen entities say something else, or a minute passed. Call `decide` after it."""
        turned = self._look(now)
        self._news = self._outlook.surround(surroundings, now) or self._news
        return self._with_hazards(Changes(hazard=turned), now)

    def take_hand(
        self, now: float, wall: float, cause: HoldCause = HoldCause.PERSON, length_s: float | None = None
    ) -> None:
        """A person commands the window: a hold begins. Save `hands` before the command leaves.

        An automation's command is none, unless HubSettings.automations_are_hands: then pass its cause, and send its
        command with the source `user`. `length_s`: as long as the person said, else as the house holds.
        """
        self.hands = self.hands.take(now, wall, self._hold_s(now) if length_s is None else length_s, cause)

    def release(self) -> None:
        """The owner ends the hold. The next reading is worth a question again."""
        self.hands = self.hands.release()
        self._rules_changed()

    def take_over(self) -> None:
        """The owner wants this Home Assistant to guard the window although another one does."""
        self.foreign_hub = None

    def service_returned(self) -> None:
        """An inference service says that it is ready: the back-off of lost questions ends."""
        self._trigger.service_returned()

    # --- what may happen

    def decide(self, now: float, services: ServiceView) -> Decision:
        """What may happen now."""
        return decide(self.snapshot(now, services))

    def snapshot(self, now: float, services: ServiceView) -> Snapshot:
        """All that the decision rests on."""
        hold, settings = self.hands.hold, self.settings
        return Snapshot(
            now=now,
            hub=self.hub,
            mode=self.mode,
            hold=hold if hold is not None and now < hold.ends_at else None,
            state=self.state,
            online=self.online(now),
            gone=self._presence.gone(now, settings),
            settle_left_s=self._presence.settle_left_s(now, settings, self._outlook.inputs_at),
            window_contract=self.contract_mismatch,
            foreign_hub=self.foreign_hub,
            guard_known=self._presence.guard_known(now, settings),
            guard=self._guard if now >= self._guard_in_force_at or self.fence != self._guard_fence else None,
            services=services,
            values=self._senses.values(now, settings),
            noise=self._senses.noise(now, settings),
            news=self._news,
            on_duty=self._on_duty,
            asking=self._questions.out is not None,
            local_minute=self._outlook.local_minute(now),
            hazards=self._outlook.hazards.reign,
            pace=self._moves.pace(now),
            orders=self._orders.view(now),
            surroundings=self._outlook.surroundings,
            house=settings,
            own=self.own,
        )

    def reason(self, decision: Decision) -> Why:
        """The state of the reason sensor: what forbids now, else how the last question ended."""
        last = self._questions.last
        if decision.why not in _TELLS_THE_LAST:
            return decision.why
        if self._orders.last is not None and decision.why in _MAY_ACT_AGAIN:
            return self._orders.last.why
        return last.why if last is not None else decision.why

    def guard_sent(self, guard: Guard, now: float) -> None:
        """This guard was published. After another content the next question waits for the state that follows."""
        if self._guard is None or not self._guard.same_content(guard):
            self._trigger.await_state(self.fence, now)
            self._guard_fence, self._guard_in_force_at = self.fence, now + GUARD_TIME_S
        self._guard = guard

    def due(self, now: float, decision: Decision) -> Cause | None:
        """Why a question should be asked now, or None."""
        if not decision.ask or self._questions.out is not None or not self._senses.knows_anything(now, self.settings):
            return None
        return self._trigger.due(self.fence, now, self.settings)

    def may_be_asked(self, now: float) -> bool:
        """Whether a person's question could leave: none is out, and there is something to ask about."""
        return self._questions.out is None and self._senses.knows_anything(now, self.settings)

    def ask(
        self,
        correlation_id: str,
        decision: Decision,
        now: float,
        wall: float,
        context: Context,
        *,
        owner: Wish | None = None,
    ) -> Request:
        """The question to publish; it is out from now on. ValueError when none is due.

        `owner`: a person asks, so that it need not be due. The window's own rain and position go into the context.
        A question that was lost keeps its own id in place of `correlation_id` when it is asked again.
        """
        advice = owner is Wish.ADVICE
        if advice:
            decision = replace(decision, grant=replace(decision.grant, act=False))
        asked_by_owner = Cause.OWNER if self.may_be_asked(now) else None
        cause = self.due(now, decision) if owner is None else asked_by_owner
        if cause is None or self.state is None:
            raise ValueError(f"no question of {self.device_id} is due")
        state, values = self.state, self._senses.values(now, self.settings)
        lost = self._questions.lost_as(self.fence, decision.grant) if owner is None else None
        question = Question(
            correlation_id=correlation_id if lost is None else lost.correlation_id,
            cause=cause,
            decision=decision,
            fence=self.fence,
            position=state.position if state.target is None else state.target,
            values=values if lost is None else lost.values,
            asked_at=now,
            asked_wall=wall,
            deadline=now + self.settings.question_timeout_s,
            advice=advice,
            times=1 if lost is None else lost.times + 1,
        )
        self._questions.ask(question)
        if not advice:
            self._trigger.asked(cause, now, self.settings)
        return Request(
            correlation_id=question.correlation_id,
            grant=decision.grant,
            session=state.session,
            rev=state.rev,
            temperature=values.temperature,
            humidity=values.humidity,
            audio=self._senses.heard(now, self.settings),
            context=told(
                replace(context, rain=self._rain(context), position=state.position),
                self.own,
                self._senses.trends(),
                self.last_move,
                wall,
            ),
            taste=minds(self.own),
            layer=self.layers.present,
            ts=wall,
        )

    def command(self, command_id: str, decision: Decision, now: float, wall: float) -> Control:
        """The command to publish for `decision.command`, before the decision's guard. ValueError when there is none.

        It counts as sent from now on.
        """
        wanted, fence = decision.command, self.fence
        if wanted is None or fence is None:
            raise ValueError(f"no command to {self.device_id} is due")
        session, rev = fence
        control = Control(
            source=wanted.source,
            command_id=command_id,
            position=wanted.position,
            session=session,
            rev=rev,
            ts=wall,
        )
        self._orders.sent(command_id, fence, wanted, now)
        return control

    def wake_at(self, now: float) -> float | None:
        """The next moment after `now` at which time alone may change something; None: it cannot."""
        moments = (
            None if self._questions.out is None else self._questions.out.deadline,
            self._trigger.wake_at(self.fence, self.settings),
            None if self.hands.hold is None else self.hands.hold.ends_at,
            *self._presence.moments(self.settings, self._outlook.inputs_at),
            self._senses.wake_at,
            *self._outlook.hazards.moments(self.settings.calm_s),
            *self._orders.moments(),
            self._guard_in_force_at,
        )
        return min((moment for moment in moments if moment is not None and moment > now), default=None)

    # --- inside

    def _apply_own(self, message: OwnMessage, now: float, wall: float, *, retained: bool) -> Changes:
        match message:
            case Announce() | OtherContract() | Forget() | Availability():
                return self._take_introduction(message)
            case State() if self.contract_mismatch is None:
                return self._take_state(message, now, wall, retained=retained)
            case ControlResult() if self.contract_mismatch is None:
                self._orders.result(message)
                return Changes(result=message, ended=self._close(self._questions.result(message), now))
            case State() | ControlResult():
                return Changes()  # whatever it says may mean something else
            case _:
                return self._take_measured(message, now, wall, retained=retained)

    def _take_measured(self, message: Measured, now: float, wall: float, *, retained: bool) -> Changes:
        if self.contract_mismatch is not None or (retained and not isinstance(message, _READINGS)):
            return Changes()  # it may mean something else; a kept copy of a sound is of any age
        # So is a kept reading: it is shown, and no question rests on it.
        changes = self._senses.take(message, self._audio, float("-inf") if retained else now, wall)
        if not retained:
            self._news = True
            if self._trigger.cause is None:  # one that stands needs no other cause
                self._trigger.notice(self._senses.values(now, self.settings), self.settings)
        return changes

    def _apply_of_others(self, message: Guard | Control | Response, now: float) -> Changes:
        match message:
            case Control():
                return Changes(control=message)
            case Guard():
                return self._take_guard(message)
            case response:
                return self._take_response(response, now)

    def _take_introduction(self, message: Announce | OtherContract | Forget | Availability) -> Changes:
        match message:
            case Announce():
                ours, self.contract_mismatch = self.contract_mismatch is None, None
                changed, self.announce = self.announce != message, message
                return Changes(announce=changed, contract=not ours)
            case OtherContract(version):
                changed, self.contract_mismatch = self.contract_mismatch != version, version
                self._questions.drop()
                return Changes(contract=changed)
            case Forget():
                self.announce = self.state = self.contract_mismatch = None
                self.disconnected()
                return Changes(forgotten=True)
            case availability:
                self._presence.availability = availability.online
                return Changes()

    def _take_state(self, state: State, now: float, wall: float, *, retained: bool) -> Changes:
        before, self.state = self.state, state
        live = self._presence.state_heard(now, retained=retained)
        self._moves.see(before, state, now, self.settings)
        known, self.hands = self.hands, self.hands.see(state.hand_id, now, wall, self._hold_s(now))
        start = known.handled is None
        hand = not start and self.hands is not known
        set_out = not retained and set_in_motion(before, state)
        if set_out:
            self.last_move = LastMove(wall, Source.USER if hand else state.source)
        return Changes(
            state=before is None or _told(before) != _told(state),
            live=live,
            moved=before is None or (before.position, before.target) != (state.position, state.target),
            set_out=set_out,
            fence=before is None or (before.session, before.rev) != (state.session, state.rev),
            hand=hand,
            hold=hand,
            start=start,
            ended=self._close(self._questions.state(state), now),
        )

    def _take_guard(self, guard: Guard) -> Changes:
        self._presence.guard_heard()
        before, self.foreign_hub = self.foreign_hub, None if guard.hub == self.hub else guard.hub
        return Changes(foreign_guard=before != self.foreign_hub)

    def _take_response(self, response: Response, now: float) -> Changes:
        question = self._questions.belongs_to(response)
        if question is None:
            return Changes()
        ended = self._close(self._questions.answer(response), now)
        self.prediction = Prediction(question, response)
        return Changes(prediction=self.prediction, ended=ended)

    def _close(self, ended: Ended | None, now: float) -> Ended | None:
        """Tell the trigger how its question ended."""
        if ended is None or ended.question.advice:
            return ended
        asked, values, settings = ended.question.values, self._senses.values(now, self.settings), self.settings
        match ended.how:
            case How.NO_ANSWER | How.NO_RESULT:
                self._trigger.lost(now, settings)
            case How.ERROR:
                self._trigger.failed(asked, values, now, settings)
            case How.RESULT if ended.result is Result.STALE:
                self._trigger.stale(ended.question.fence)
            case How.RESULT if ended.result in {Result.GUARD, Result.LOCKED}:
                self._trigger.refused(ended.question.fence, now, settings)
            case _:
                self._trigger.answered(asked, values, settings)
        if ended.why in _MODEL_FAILS:
            self._on_duty = True
        elif ended.why in _MODEL_WORKS:
            self._on_duty, self._orders.last = False, None
        return ended

    def _rules_changed(self) -> None:
        self._trigger.forget_answers()
        self._questions.forget_last()
        self._on_duty, self._orders.last = False, None

    def _rain(self, context: Context) -> bool | None:
        """Rain by the window's sensor, or by what the home knows. Without a sensor a window does not know it is dry."""
        if self.state is not None and self.state.rain:
            return True
        senses = self.announce is not None and "rain" in self.announce.capabilities
        return False if context.rain is None and senses else context.rain

    def _with_hazards(self, changes: Changes, now: float) -> Changes:
        """Look at the levels, and whether the state shows what they want."""
        turned = self._look(now)
        if self.state is not None:
            positions = hazard_positions(self.own, self.settings)
            lowest = min((positions[hazard.kind] for hazard in self.hazards.reign), default=WIDE_OPEN)
            self._orders.state(self.state, safe=has_closed_to(self.state, lowest))
        return replace(changes, hazard=True) if turned else changes

    def _look(self, now: float) -> bool:
        """Look at the levels; before another one is told too, since what reigned did so until now."""
        wet = self.state is not None and self.state.rain
        return self._outlook.look(now, self.own, self.settings, wet=wet)

    def _with_availability(self, changes: Changes, now: float) -> Changes:
        turned = self._presence.turned(now, self.settings)
        return replace(changes, availability=True) if turned else changes


def _told(state: State) -> State:
    """What of a state is news when it differs."""
    return replace(state, ts=None, rssi=None)
