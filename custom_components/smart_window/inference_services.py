"""Which inference services there are, by their retained status. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .contract import OtherContract, ServiceState, Status

MOST_INSTANCES = 16

_BEST_FIRST = (
    ServiceState.READY,
    ServiceState.STARTING,
    ServiceState.CANNOT_PREDICT,
    ServiceState.STOPPING,
    ServiceState.OFFLINE,
)


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What all services together are. `state` None: none was ever heard of, which forbids nothing."""

    state: ServiceState | None = None
    """The best of them: ready before starting before cannot_predict before stopping before offline."""
    other_contract: int | None = None
    """Set when a service speaks another contract and none of ours is there: nothing is asked then."""
    model_version: str | None = None
    reason: str | None = None
    """What the best one says of itself."""


class Services:
    """At most 16 instances; the one that was silent for longest makes room."""

    def __init__(self) -> None:
        self._instances: dict[str, Status | OtherContract] = {}

    def apply(self, instance: str, message: Status | OtherContract | None) -> None:
        """A status from the topic of this instance; None when its retained status was cleared."""
        self._instances.pop(instance, None)
        if message is None:
            return
        if len(self._instances) == MOST_INSTANCES:
            del self._instances[next(iter(self._instances))]
        self._instances[instance] = message

    @property
    def view(self) -> ServiceView:
        """What the rules see."""
        ours = [message for message in self._instances.values() if isinstance(message, Status)]
        others = [message.version for message in self._instances.values() if isinstance(message, OtherContract)]
        best = min(ours, key=lambda status: _BEST_FIRST.index(status.state), default=None)
        present = best is not None and best.state is not ServiceState.OFFLINE
        return ServiceView(
            state=None if best is None else best.state,
            other_contract=others[-1] if others and not present else None,
            model_version=None if best is None else best.model_version,
            reason=None if best is None else best.reason,
        )

    @property
    def feature_schema(self) -> str | None:
        """The features that they send, by the best of them that says so."""
        ours = [message for message in self._instances.values() if isinstance(message, Status)]
        ours.sort(key=lambda status: _BEST_FIRST.index(status.state))
        return next((status.feature_schema for status in ours if status.feature_schema is not None), None)

    @property
    def instances(self) -> Mapping[str, Status | OtherContract]:
        """All that is known, for diagnostics and system health."""
        return MappingProxyType(self._instances)
