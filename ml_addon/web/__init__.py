"""The status page: how the service is, what it answered lately, a test, and which model serves. Server-rendered."""

from .pages import Page, serve_page

__all__ = ["Page", "serve_page"]
