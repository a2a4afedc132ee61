"""Who may see the page: under the Supervisor its ingress alone, elsewhere who knows the token."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

INGRESS = "172.30.32.2"  # the only address that Home Assistant's ingress comes from
COOKIE = "smart_window"
OPEN = ("/health", "/static/", "/sign-in")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Doorkeeper:
    """One per process. `token` None: only ingress may. `secret` makes what forms carry this process's own."""

    def __init__(self, token: str | None, secret: bytes) -> None:
        self._token = token
        self._secret = secret
        self.form_key = self._derive("form")

    def _derive(self, what: str) -> str:
        return hmac.new(self._secret, what.encode(), hashlib.sha256).hexdigest()

    def admits(self, token: str) -> bool:
        """Whether this is the token, without telling by the time it takes how much of it fits."""
        return self._token is not None and hmac.compare_digest(token.encode(), self._token.encode())

    def let_in(self, response: web.StreamResponse) -> None:
        """Let this browser in until it or the service ends. The cookie is not the token."""
        response.set_cookie(COOKIE, self._derive("cookie"), httponly=True, samesite="Strict", path="/")

    def knows(self, request: web.Request) -> bool:
        """Whether who asks was let in."""
        if self._token is None:
            return request.remote == INGRESS
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.admits(bearer) or hmac.compare_digest(request.cookies.get(COOKIE, ""), self._derive("cookie"))

    async def check_form(self, request: web.Request) -> None:
        """Raise where a form was not of this page: another site may have made the browser send it."""
        key = (await request.post()).get("key")
        if not isinstance(key, str) or not hmac.compare_digest(key.encode(), self.form_key.encode()):
            raise web.HTTPForbidden(text="This form is too old. Go back, reload the page and try again.")

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn strangers away, and set the headers of every answer."""
        if self._token is None and request.remote != INGRESS and request.path != "/health":
            raise web.HTTPForbidden(text="Only Home Assistant's ingress may see this page.")
        if not request.path.startswith(OPEN) and not self.knows(request):
            if request.method == "GET" and request.path == "/":
                raise web.HTTPSeeOther("sign-in")
            raise web.HTTPUnauthorized(text="Sign in first.")
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
