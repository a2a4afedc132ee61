"""System health: what is heard, what fails, who is silent, and whether the record keeps up."""

from grafana.board import Board, Section
from grafana.links import Destination
from grafana.panel import Colour, Column, Heat, Lines, Rows, Style, Unit
from grafana.query import Query, Shape

_WHO = Section(
    "Who is there",
    (
        Rows(
            title="Last seen",
            says="Every window that ever announced itself, the longest unheard first, with what the last check found.",
            empty="No window was ever recorded",
            queries=(Query("health/last_seen", Shape.TABLE),),
            unit=Unit.TEXT,
            towards=(Destination.DEVICE,),
            columns=(
                Column(name="window", title="Window", links=(Destination.DEVICE,)),
                Column(name="state", title="State", states=True, width=90),
                Column(name="reasons", title="Why"),
                Column(name="heard", title="Heard", unit=Unit.AGO),
                Column(name="firmware", title="Firmware", width=90),
                Column(name="device_id", hidden=True),
            ),
            width=14,
            height=9,
        ),
        Rows(
            title="Parts",
            says="Broker, database, inference services and the integration, as each was found last.",
            empty="Nothing was checked yet",
            queries=(Query("health/parts", Shape.TABLE),),
            unit=Unit.TEXT,
            towards=(Destination.OVERVIEW,),
            columns=(
                Column(name="part", title="Part"),
                Column(name="state", title="State", states=True, width=90),
                Column(name="reasons", title="Why"),
                Column(name="checked", title="Checked", unit=Unit.AGO),
            ),
            width=10,
            height=9,
        ),
        Heat(
            title="Activity",
            says="Readings and clips of each window per step of time. A pale row is a window that hardly speaks.",
            empty="No window was heard in this time",
            queries=(Query("health/activity"),),
            unit=Unit.READINGS,
            decimals=0,
            towards=(Destination.DEVICE,),
            name_by="window",
            width=24,
            height=8,
        ),
    ),
)

_TRAFFIC = Section(
    "Traffic",
    (
        Lines(
            title="Messages",
            says="Messages that the integration took, by kind.",
            empty="No message was counted in this time",
            queries=(Query("health/throughput"),),
            unit=Unit.MESSAGES_PER_SECOND,
            decimals=2,
            low=0,
            towards=(Destination.OVERVIEW,),
            name_by="kind",
            height=9,
        ),
        Lines(
            title="Errors",
            says="By type, as the integration counted them. Nothing here is good news.",
            empty="No error in this time",
            queries=(Query("health/errors"),),
            unit=Unit.ERRORS_PER_MINUTE,
            decimals=2,
            low=0,
            towards=(Destination.OVERVIEW,),
            name_by="kind",
            style=Style.STACKED,
            height=9,
        ),
    ),
)

_RECORD = Section(
    "Database and spool",
    (
        Lines(
            title="Answer times",
            says="How long the broker, the database and each service took to answer a check or a batch.",
            empty="Nothing was measured in this time",
            queries=(Query("health/latency"),),
            unit=Unit.MILLISECONDS,
            decimals=0,
            low=0,
            towards=(Destination.MODEL,),
            name_by="part",
            height=9,
        ),
        Lines(
            title="Rows that wait",
            says="The most rows that waited for the database in each step: in memory, and, while it is away, on"
            " disk. A line that only rises means that it takes none.",
            empty="Nothing was counted in this time",
            queries=(Query("health/waiting"),),
            unit=Unit.ROWS,
            decimals=0,
            low=0,
            towards=(Destination.OVERVIEW,),
            columns=(
                Column(name="memory", title="in memory", colour=Colour.GOOD),
                Column(name="disk", title="on disk", colour=Colour.BAD),
            ),
            height=9,
        ),
    ),
)

HEALTH = Board(
    destination=Destination.HEALTH,
    says="Messages, errors, every window and every part, the database and what waits for it.",
    hours=24,
    sections=(_WHO, _TRAFFIC, _RECORD),
)
