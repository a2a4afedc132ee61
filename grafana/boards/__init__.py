"""The four dashboards."""

from grafana.board import Board

from .device import DEVICE
from .health import HEALTH
from .model import MODEL
from .overview import OVERVIEW

BOARDS: tuple[Board, ...] = (OVERVIEW, DEVICE, MODEL, HEALTH)
