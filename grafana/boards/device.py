"""Device detail: one window's days, and why it did what it did."""

from grafana.board import Annotation, Board, Section
from grafana.links import Destination
from grafana.panel import Colour, Column, Lines, Numbers, Rows, Style, Unit
from grafana.query import Query, Shape

_TEMPERATURE = Column(name="temperature", title="temperature", unit=Unit.CELSIUS, decimals=1, colour=Colour.WARM)
_HUMIDITY = Column(
    name="humidity", title="humidity", decimals=0, colour=Colour.MOIST, on_the_right=True, low=0, high=100
)
_POSITION = Column(
    name="position",
    title="open",
    decimals=0,
    colour=Colour.SASH,
    on_the_right=True,
    low=0,
    high=100,
    style=Style.STEP,
)

DEVICE = Board(
    destination=Destination.DEVICE,
    says="One window: its climate, its sash, what was decided about it and whose hand was on it.",
    hours=24,
    one_device=True,
    has_question=True,
    annotations=(
        Annotation("Moves by the model", Query("device/moved_annotation", Shape.TABLE), Colour.SASH),
        Annotation("Rules", Query("device/rules_annotation", Shape.TABLE), Colour.BAD),
        Annotation("Holds", Query("device/holds_annotation", Shape.TABLE), Colour.MILD),
    ),
    sections=(
        Section(
            "Now",
            (
                Numbers(
                    title="Now",
                    says="The newest value of each kind, however old it is. Sound is in dB below full scale.",
                    empty="Nothing was ever recorded of this window",
                    queries=(Query("device/now", Shape.TABLE),),
                    unit=Unit.PERCENT,
                    decimals=0,
                    towards=(Destination.OVERVIEW,),
                    columns=(
                        Column(name="position", title="open"),
                        Column(name="temperature", title="temperature", unit=Unit.CELSIUS, decimals=1),
                        Column(name="humidity", title="humidity"),
                        Column(name="sound", title="sound", unit=Unit.DECIBELS),
                    ),
                    width=14,
                    height=5,
                ),
                Numbers(
                    title="Health",
                    says="What the last check found, and when the window was heard last.",
                    empty="This window was not checked yet",
                    queries=(Query("device/state", Shape.TABLE),),
                    unit=Unit.TEXT,
                    towards=(Destination.HEALTH,),
                    columns=(
                        Column(name="state", title="state", states=True),
                        Column(name="reason", title="reason"),
                        Column(name="heard", title="heard", unit=Unit.AGO),
                    ),
                    width=10,
                    height=5,
                ),
            ),
        ),
        Section(
            "History",
            (
                Lines(
                    title="Temperature, humidity and position",
                    says="Temperature by the left axis; humidity and the opening by the right one. Marks are moves by"
                    " the model and rules that took over, with their reasons; shaded spans are holds.",
                    empty="Nothing was recorded of this window in this time",
                    queries=(
                        Query("device/temperature", name="A"),
                        Query("device/humidity", name="B"),
                        Query("device/position", name="C"),
                    ),
                    unit=Unit.PERCENT,
                    towards=(Destination.OVERVIEW,),
                    columns=(_TEMPERATURE, _HUMIDITY, _POSITION),
                    width=24,
                    height=11,
                ),
                Lines(
                    title="Sound activity",
                    says="How far the sound rises above silence (-90 dB below full scale): the mean, and the loudest.",
                    empty="No clip was heard in this time",
                    queries=(Query("device/sound"),),
                    unit=Unit.DECIBELS,
                    decimals=0,
                    low=0,
                    towards=(Destination.OVERVIEW,),
                    columns=(
                        Column(name="mean", title="mean", colour=Colour.SOUND),
                        Column(name="loudest", title="loudest", colour=Colour.NEUTRAL, style=Style.DOTS),
                    ),
                    style=Style.BARS,
                    width=24,
                    height=7,
                ),
            ),
        ),
        Section(
            "Why",
            (
                Rows(
                    title="Questions and answers",
                    says="The last thirty questions in the last day of the range. A click on the time shows one of"
                    " them step by step.",
                    empty="Nothing was asked in the last day of this range",
                    queries=(Query("device/decisions", Shape.TABLE),),
                    unit=Unit.TEXT,
                    towards=(Destination.MODEL,),
                    columns=(
                        Column(name="time", title="When", unit=Unit.AGO, width=120, links=(Destination.QUESTION,)),
                        Column(name="reason", title="Rules said"),
                        Column(name="position", title="Open", unit=Unit.PERCENT, decimals=0, width=70),
                        Column(name="confidence", title="Sure", unit=Unit.SHARE, decimals=0, width=70),
                        Column(name="outcome", title="Outcome", width=110),
                        Column(name="reasons", title="Because"),
                        Column(name="device_id", hidden=True),
                        Column(name="correlation_id", hidden=True),
                    ),
                    width=13,
                    height=10,
                ),
                Rows(
                    title="One question, step by step",
                    says="All that bears one correlation id: decided, asked, answered, commanded, obeyed, moved,"
                    " corrected. Without an id above: the newest question.",
                    empty="No question of this id in this time",
                    queries=(Query("device/chain", Shape.TABLE),),
                    unit=Unit.TEXT,
                    towards=(Destination.OVERVIEW,),
                    columns=(
                        Column(name="time", title="When", unit=Unit.TIME, width=150),
                        Column(name="step", title="Step", width=90),
                        Column(name="what", title="What"),
                        Column(name="detail", title="Detail"),
                    ),
                    width=11,
                    height=10,
                ),
            ),
        ),
    ),
)
