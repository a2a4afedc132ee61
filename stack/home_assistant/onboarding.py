"""The first visit: an owner, the home's settings, and a token for programs."""

from dataclasses import dataclass

import aiohttp

from stack.json_shape import JsonObject, as_objects, text, whole
from stack.waiting import until

from .rest import Rest, is_running
from .websocket import WebSocket

_RUNNING_S = 120.0
_TOKEN_DAYS = 365
_ADDED_S = 30.0
_ALWAYS_ADDED = frozenset({"google_translate", "radio_browser"})
_ONLINE = _ALWAYS_ADDED | {"met"}  # added only where the home has a place on the map


@dataclass(frozen=True, slots=True)
class Owner:
    """Who signs in."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the front end got when the owner signed in, and a token that lasts."""

    owner: Owner
    client_id: str
    access_token: str
    refresh_token: str
    expires_in_s: int
    token: str

    @property
    def browser_tokens(self) -> JsonObject:
        """What the front end keeps in its local storage."""
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_in": self.expires_in_s,
            "token_type": "Bearer",
        }


async def onboard(session: aiohttp.ClientSession, url: str, owner: Owner) -> Account:
    """Do what the welcome pages do. Home Assistant must be new."""
    client_id = f"{url}/"
    visitor = Rest(session, url)
    new_user: JsonObject = {
        "name": owner.user.capitalize(),
        "username": owner.user,
        "password": owner.password,
        "language": "en",
        "client_id": client_id,
    }
    made = await visitor.post("/api/onboarding/users", new_user)
    form = {"grant_type": "authorization_code", "code": text(made, "auth_code", "the new user"), "client_id": client_id}
    tokens = await visitor.post_form("/auth/token", form)
    access_token = text(tokens, "access_token", "the tokens")
    signed_in = Rest(session, url, access_token)
    # The next step starts integrations that look for the internet; before it runs, the start would wait for them.
    await until("Home Assistant runs", lambda: is_running(signed_in), _RUNNING_S)
    await signed_in.post("/api/onboarding/core_config")
    await signed_in.post("/api/onboarding/analytics")
    await signed_in.post("/api/onboarding/integration", {"client_id": client_id, "redirect_uri": client_id})
    async with WebSocket(session, url, access_token) as socket:
        # A port from YAML is a trial: not confirmed, Home Assistant ends after five minutes.
        await socket.ask("http/config/promote")
        # It then advises to delete the port from YAML, which is of no use to who writes a new configuration each time.
        await socket.ask("repairs/ignore_issue", domain="http", issue_id="deprecated_yaml", ignore=True)
        token = await socket.ask("auth/long_lived_access_token", client_name="stack", lifespan=_TOKEN_DAYS)
    return Account(
        owner=owner,
        client_id=client_id,
        access_token=access_token,
        refresh_token=text(tokens, "refresh_token", "the tokens"),
        expires_in_s=whole(tokens, "expires_in", "the tokens"),
        token=text({"token": token}, "token", "the long-lived token"),
    )


async def remove_online_services(rest: Rest, socket: WebSocket) -> None:
    """Remove what the welcome pages added by themselves: it looks for the internet, at each start for some 9 s."""

    async def added() -> list[str] | None:
        entries = as_objects(await socket.ask("config_entries/get"), "an entry")
        found = {entry.get("domain"): text(entry, "entry_id", "an entry") for entry in entries}
        return [found[domain] for domain in _ONLINE & found.keys()] if found.keys() >= _ALWAYS_ADDED else None

    for entry_id in await until("the entries of the welcome pages", added, _ADDED_S):
        await rest.delete(f"/api/config/config_entries/entry/{entry_id}")
