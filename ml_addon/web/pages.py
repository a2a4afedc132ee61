"""The pages and what their buttons do."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from ..chronicle import Chronicle
from ..comparison import Comparison
from ..config import Config
from ..messages import Request
from ..model_messages import Change
from ..prediction import Prediction, PredictionError
from ..status_messages import Status
from ..strict_json import ContractError, Json, parse_object
from . import trial, view
from .access import HEADERS, Doorkeeper
from .log_tail import LogTail

_LOG = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent
_MAX_UPLOAD = 2_000_000
_STATUS = {"good": 200, "bad": 400}


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows and does. The calls run where they do not disturb the answering of questions."""

    config: Config
    status: Callable[[], Status]
    chronicle: Chronicle
    comparison: Callable[[], Comparison | None]
    predict: Callable[[Request], Awaitable[Prediction]]
    reload: Callable[[], Awaitable[None]]
    change: Callable[[Change, str | None], Awaitable[str]]


class _Site:
    """The handlers."""

    def __init__(self, page: Page, door: Doorkeeper, log: LogTail) -> None:
        self._page = page
        self._door = door
        self._log = log
        # Everything that is shown is escaped; a name that is missing is a mistake of ours, not an empty place.
        self._templates = Environment(
            loader=PackageLoader(__package__ or "ml_addon.web"), autoescape=True, undefined=StrictUndefined
        )

    async def home(self, _request: web.Request) -> web.Response:
        return self._home(None)

    async def live(self, _request: web.Request) -> web.Response:
        return self._html("live.html", self._live())

    async def health(self, _request: web.Request) -> web.Response:
        state = self._page.status().state
        return web.json_response({"state": state}, status=200 if state == "ready" else 503)

    async def sign_in_form(self, _request: web.Request) -> web.Response:
        return self._html("sign_in.html", {"wrong": False})

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        token = (await request.post()).get("token")
        if not isinstance(token, str) or not self._door.admits(token):
            _LOG.warning("A wrong token was given to the status page from %s", request.remote)
            return self._html("sign_in.html", {"wrong": True}, status=401)
        response = web.Response(status=303, headers={"Location": "."})
        self._door.let_in(response)
        return response

    async def test(self, request: web.Request) -> web.Response:
        await self._door.check_form(request)
        try:
            shown = view.answer(await self._page.predict(await self._question(request)))
        except (ContractError, PredictionError, ValueError) as error:
            return self._home(view.Notice("bad", f"No answer: {error}"))
        return self._home(view.Notice("good", f"{shown.title}, {shown.detail}", shown.reasons))

    async def _question(self, request: web.Request) -> Request:
        form = await request.post()
        temperature, humidity = _number(form.get("temperature"), -60, 85), _number(form.get("humidity"), 0, 100)
        upload = form.get("clip")
        if isinstance(upload, web.FileField) and (data := upload.file.read()):
            clip = trial.uploaded(data)
        else:
            sound = str(form.get("sound"))
            if sound not in trial.SOUNDS:
                raise ValueError(f"choose a sound: {', '.join(trial.SOUNDS)}")
            clip = await asyncio.to_thread(trial.synthetic, sound)
        return trial.question(clip, temperature, humidity)

    async def reload(self, request: web.Request) -> web.Response:
        await self._door.check_form(request)
        await self._page.reload()
        status = self._page.status()
        return self._home(view.Notice("bad", status.reason) if status.reason else view.Notice("good", "Read again."))

    async def serve(self, request: web.Request) -> web.Response:
        return await self._changed(request, Change.SERVE)

    async def roll_back(self, request: web.Request) -> web.Response:
        return await self._changed(request, Change.ROLL_BACK)

    async def shadow(self, request: web.Request) -> web.Response:
        return await self._changed(request, Change.SHADOW)

    async def end_shadow(self, request: web.Request) -> web.Response:
        return await self._changed(request, Change.END_SHADOW)

    async def promote(self, request: web.Request) -> web.Response:
        return await self._changed(request, Change.PROMOTE)

    async def _changed(self, request: web.Request, change: Change) -> web.Response:
        await self._door.check_form(request)
        version = str((await request.post()).get("version")) if change.names_a_version else None
        try:
            return self._home(view.Notice("good", await self._page.change(change, version)))
        except PredictionError as error:
            return self._home(view.Notice("bad", f"Nothing was changed: {error}"))

    def _home(self, notice: view.Notice | None) -> web.Response:
        status = self._page.status()
        version = status.model_version
        values: dict[str, object] = {
            "notice": notice,
            "key": self._door.form_key,
            "sounds": trial.SOUNDS,
            "others": [name for name in status.models if name != version],
            "card": view.card(_card(self._page.config.model_path, version)),
        }
        return self._html("page.html", values | self._live(), status=_STATUS[notice.kind] if notice else 200)

    def _live(self) -> dict[str, object]:
        comparison = self._page.comparison()
        return {
            "compared": None if comparison is None else view.compared(comparison.report()),
            "apart": [] if comparison is None else [view.apart(pair) for pair in comparison.apart],
            "service": self._page.status(),
            "answers": [view.answered(answer) for answer in self._page.chronicle.answers],
            "bars": view.bars(self._page.chronicle.buckets),
            "log": list(self._log.lines),
        }

    def _html(self, template: str, values: Mapping[str, object], *, status: int = 200) -> web.Response:
        text = self._templates.get_template(template).render(values)
        return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)


def _number(text: object, low: float, high: float) -> float:
    try:
        number = float(str(text))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ValueError(f"expected a number from {low:g} to {high:g}")
    return number


def _card(path: Path, version: str | None) -> dict[str, Json]:
    """What lies beside the model's weights; nothing where there is no such file."""
    file = (path if path.is_dir() else path.parent) / f"{version}.json"
    try:
        return parse_object(file.read_bytes())
    except (OSError, ContractError):
        return {}


def make_app(page: Page, log: LogTail, secret: bytes) -> web.Application:
    """Return the application, not started."""
    door = Doorkeeper(None if page.config.web.ingress else page.config.web.token, secret)
    site = _Site(page, door, log)
    app = web.Application(client_max_size=_MAX_UPLOAD, middlewares=[door.middleware])
    app.add_routes(
        [
            web.get("/", site.home),
            web.get("/live", site.live),
            web.get("/health", site.health),
            web.get("/sign-in", site.sign_in_form),
            web.post("/sign-in", site.sign_in),
            web.post("/test", site.test),
            web.post("/reload", site.reload),
            web.post("/serve", site.serve),
            web.post("/roll-back", site.roll_back),
            web.post("/shadow", site.shadow),
            web.post("/end-shadow", site.end_shadow),
            web.post("/promote", site.promote),
            web.static("/static", _FOLDER / "static"),
        ]
    )
    return app


async def serve_page(page: Page) -> None:
    """Serve until cancelled. Where the port is taken, say so and leave the answering of questions alone."""
    log = LogTail()
    logging.getLogger().addHandler(log)
    runner = web.AppRunner(make_app(page, log, secrets.token_bytes(32)), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, page.config.web.host, page.config.web.port).start()
        _LOG.info("The status page is at %s:%d", page.config.web.host, page.config.web.port)
        await asyncio.Event().wait()
    except OSError as error:
        _LOG.error("No status page at %s:%d: %s", page.config.web.host, page.config.web.port, error)
    finally:
        logging.getLogger().removeHandler(log)
        await runner.cleanup()


__all__ = ["Page", "make_app", "serve_page"]
