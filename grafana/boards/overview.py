"""System overview: how the house is, and what was just decided."""

from grafana.board import Board, Section
from grafana.links import Destination
from grafana.panel import Colour, Column, Gauges, Lines, Numbers, Rows, Step, Unit
from grafana.query import Query, Shape

_TO_WINDOW = (Destination.DEVICE,)

OVERVIEW = Board(
    destination=Destination.OVERVIEW,
    says="How the house is now, how it was today, and what the windows were told.",
    hours=24,
    sections=(
        Section(
            "Now",
            (
                Numbers(
                    title="Active windows",
                    says="Windows heard in the last quarter of an hour, of all that ever announced themselves.",
                    empty="No window was ever recorded",
                    queries=(Query("overview/active", Shape.TABLE),),
                    unit=Unit.WINDOWS,
                    towards=(Destination.HEALTH,),
                    columns=(Column(name="active", title="active"), Column(name="known", title="known")),
                    steps=(Step(at=None, colour=Colour.BAD), Step(at=1, colour=Colour.GOOD)),
                    width=6,
                    height=5,
                ),
                Numbers(
                    title="Need attention",
                    says="Windows that the last check found silent, stuck or faulty. System health says which and why.",
                    empty="No window was checked yet",
                    queries=(Query("overview/attention", Shape.TABLE),),
                    unit=Unit.WINDOWS,
                    towards=(Destination.HEALTH,),
                    steps=(Step(at=None, colour=Colour.GOOD), Step(at=1, colour=Colour.BAD)),
                    width=6,
                    height=5,
                ),
                Numbers(
                    title="Moves",
                    says="How often a sash came to another position in the range, by whomever.",
                    empty="Nothing moved in this time",
                    queries=(Query("overview/moves", Shape.TABLE),),
                    unit=Unit.MOVES,
                    towards=(Destination.DEVICE,),
                    width=6,
                    height=5,
                ),
                Numbers(
                    title="Left as the model put it",
                    says="Of the model's own moves in the range, the share that no hand undid.",
                    empty="The model moved nothing in this time",
                    queries=(Query("overview/corrected", Shape.TABLE),),
                    unit=Unit.SHARE,
                    decimals=0,
                    low=0,
                    high=1,
                    towards=(Destination.MODEL,),
                    steps=(
                        Step(at=None, colour=Colour.BAD),
                        Step(at=0.7, colour=Colour.MILD),
                        Step(at=0.9, colour=Colour.GOOD),
                    ),
                    width=6,
                    height=5,
                ),
                Gauges(
                    title="Positions",
                    says="How far each window is open, as it said last: 0 is closed, 100 wide open.",
                    empty="No window ever said where it stands",
                    queries=(Query("overview/positions"),),
                    unit=Unit.PERCENT,
                    decimals=0,
                    low=0,
                    high=100,
                    towards=(Destination.DEVICE,),
                    name_by="name",
                    width=24,
                    height=7,
                ),
            ),
        ),
        Section(
            "Climate",
            (
                Lines(
                    title="Temperature",
                    says="At each window, by its own sensor. A gap is an hour without a reading.",
                    empty="No temperature was recorded in this time",
                    queries=(Query("overview/temperature"),),
                    unit=Unit.CELSIUS,
                    decimals=1,
                    towards=(Destination.DEVICE,),
                    name_by="name",
                    to_device=True,
                    height=9,
                ),
                Lines(
                    title="Humidity",
                    says="Relative, at each window. A gap is an hour without a reading.",
                    empty="No humidity was recorded in this time",
                    queries=(Query("overview/humidity"),),
                    unit=Unit.PERCENT,
                    decimals=0,
                    towards=(Destination.DEVICE,),
                    name_by="name",
                    to_device=True,
                    height=9,
                ),
            ),
        ),
        Section(
            "Decisions",
            (
                Rows(
                    title="Why each window stands where it stands",
                    says="The newest decision of each window in the last day of the range.",
                    empty="Nothing was decided in the last day of this range",
                    queries=(Query("overview/why", Shape.TABLE),),
                    unit=Unit.TEXT,
                    towards=(Destination.DEVICE,),
                    columns=(
                        Column(name="window", title="Window", links=_TO_WINDOW),
                        Column(name="position", title="Open", unit=Unit.PERCENT, decimals=0, width=70),
                        Column(name="reason", title="Reason"),
                        Column(name="decided", title="Decided", unit=Unit.AGO),
                        Column(name="device_id", hidden=True),
                    ),
                    width=10,
                    height=10,
                ),
                Rows(
                    title="Recent predictions",
                    says="The model's last twenty answers in the last day of the range, with its strongest reasons in"
                    " points of opening. A click on the time shows what came of it.",
                    empty="The model answered nothing in the last day of this range",
                    queries=(Query("overview/predictions", Shape.TABLE),),
                    unit=Unit.TEXT,
                    towards=(Destination.MODEL,),
                    columns=(
                        Column(name="time", title="When", unit=Unit.AGO, width=120, links=(Destination.QUESTION,)),
                        Column(name="window", title="Window", links=_TO_WINDOW),
                        Column(name="position", title="Open", unit=Unit.PERCENT, decimals=0, width=70),
                        Column(name="confidence", title="Sure", unit=Unit.SHARE, decimals=0, width=70),
                        Column(name="outcome", title="Outcome", width=110),
                        Column(name="reasons", title="Because"),
                        Column(name="device_id", hidden=True),
                        Column(name="correlation_id", hidden=True),
                    ),
                    width=14,
                    height=10,
                ),
            ),
        ),
    ),
)
