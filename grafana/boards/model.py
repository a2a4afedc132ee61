"""ML metrics: how much the model does, how sure it is, and whether that is deserved."""

from grafana.board import Board, Section
from grafana.links import Destination
from grafana.panel import Bars, Colour, Column, Curve, Lines, Rows, Style, Unit
from grafana.query import Query, Shape

_ANSWERS = Section(
    "Answers",
    (
        Lines(
            title="Predictions",
            says="Answers per step of time by what came of them: moved the window, moved nothing, or failed"
            " (no answer, or one with an error).",
            empty="Nothing was asked in this time",
            queries=(Query("model/predictions"),),
            unit=Unit.ANSWERS,
            decimals=0,
            low=0,
            towards=(Destination.OVERVIEW,),
            columns=(
                Column(name="moved", title="moved it", colour=Colour.SASH),
                Column(name="said", title="moved nothing", colour=Colour.NEUTRAL),
                Column(name="failed", title="failed", colour=Colour.BAD),
            ),
            style=Style.STACKED,
            height=9,
        ),
        Lines(
            title="Inference latency",
            says="From the question's leaving Home Assistant to the answer's coming: half, 95 % and 99 % of all"
            " answers were at least as quick.",
            empty="No answer came in this time",
            queries=(Query("model/latency"),),
            unit=Unit.MILLISECONDS,
            decimals=0,
            low=0,
            towards=(Destination.HEALTH,),
            columns=(
                Column(name="p50", title="p50", colour=Colour.GOOD),
                Column(name="p95", title="p95", colour=Colour.MILD),
                Column(name="p99", title="p99", colour=Colour.BAD),
            ),
            height=9,
        ),
    ),
)

_RIGHT = Section(
    "How sure, and how right",
    (
        Bars(
            title="Confidence",
            says="How many answers were how sure, and how many of them moved the window.",
            empty="No answer with a confidence in this time",
            queries=(Query("model/confidence", Shape.TABLE),),
            unit=Unit.ANSWERS,
            decimals=0,
            low=0,
            along="sure",
            towards=(Destination.OVERVIEW,),
            columns=(
                Column(name="answers", title="all answers", colour=Colour.NEUTRAL),
                Column(name="moved", title="moved it", colour=Colour.SASH),
            ),
            height=9,
        ),
        Curve(
            title="Reliability",
            says="Of the moves that the model was so sure of, the share that no hand undid. On the dashed line,"
            " sure means right; above it, the model is too modest, below it, too bold.",
            empty="The model moved nothing in this time",
            queries=(Query("model/reliability", Shape.TABLE),),
            unit=Unit.SHARE,
            decimals=0,
            low=0,
            high=1,
            along="confidence",
            towards=(Destination.DEVICE,),
            columns=(
                Column(name="kept", title="left as it was put", colour=Colour.SASH),
                Column(name="perfect", title="perfect", colour=Colour.NEUTRAL),
                Column(name="moves", title="moves", unit=Unit.MOVES, hidden=True),
            ),
            height=9,
        ),
        Rows(
            title="Model versions",
            says="Agreement: of moves made and of hands that met or missed a suggestion, the share as the owner"
            " wanted it. Calibration error: how far confidence and agreement lie apart; 0 is perfect.",
            empty="No version answered in this time",
            queries=(Query("model/versions", Shape.TABLE),),
            unit=Unit.TEXT,
            towards=(Destination.OVERVIEW,),
            columns=(
                Column(name="version", title="Version"),
                Column(name="agreement", title="Agreement", unit=Unit.SHARE, decimals=1),
                Column(name="answers", title="Answers", decimals=0, unit=Unit.ANSWERS),
                Column(name="moves", title="Moves", decimals=0, unit=Unit.MOVES),
                Column(name="corrections", title="Undone", decimals=0, unit=Unit.CORRECTIONS),
                Column(name="confidence", title="Mean confidence", unit=Unit.SHARE, decimals=0),
                Column(name="calibration_error", title="Calibration error", unit=Unit.SHARE, decimals=1),
                Column(name="p95", title="Answers within (p95)", unit=Unit.MILLISECONDS, decimals=0),
            ),
            width=24,
            height=6,
        ),
    ),
)

_OWNER = Section(
    "What the owner thought of it",
    (
        Rows(
            title="Corrections",
            says="Hands after the model's word, newest first: it was undone, a suggestion was refused, or the"
            " owner did what was suggested.",
            empty="No hand came after the model's word in this time",
            queries=(Query("model/corrections", Shape.TABLE),),
            unit=Unit.TEXT,
            towards=(Destination.DEVICE,),
            columns=(
                Column(name="time", title="When", unit=Unit.TIME, width=150, links=(Destination.QUESTION,)),
                Column(name="window", title="Window", links=(Destination.DEVICE,)),
                Column(name="model", title="Model", unit=Unit.PERCENT, decimals=0, width=80),
                Column(name="owner", title="Owner", unit=Unit.PERCENT, decimals=0, width=80),
                Column(name="confidence", title="Sure", unit=Unit.SHARE, decimals=0, width=70),
                Column(name="kind", title="Meaning", width=90),
                Column(name="learned", title="Learnt", width=80),
                Column(name="device_id", hidden=True),
                Column(name="correlation_id", hidden=True),
            ),
            width=13,
            height=9,
        ),
        Rows(
            title="Replays",
            says="Old questions asked again by ./scripts/replay: how many would end otherwise today, and by how"
            " many points of opening the answers differ.",
            empty="No question of this time was replayed",
            queries=(Query("model/replays", Shape.TABLE),),
            unit=Unit.TEXT,
            towards=(Destination.DEVICE,),
            columns=(
                Column(name="replay", title="Replay"),
                Column(name="time", title="Run", unit=Unit.AGO),
                Column(name="questions", title="Questions", decimals=0, unit=Unit.COUNT),
                Column(name="otherwise", title="Otherwise", decimals=0, unit=Unit.COUNT),
                Column(name="unanswered", title="Unanswered", decimals=0, unit=Unit.COUNT),
                Column(name="model", title="Model"),
                Column(name="points", title="Differ by", decimals=1, unit=Unit.POINTS),
            ),
            width=11,
            height=9,
        ),
    ),
)

MODEL = Board(
    destination=Destination.MODEL,
    says="What the model answers, how long that takes, and how well it agrees with the owner.",
    hours=7 * 24,
    refresh="5m",
    sections=(_ANSWERS, _RIGHT, _OWNER),
)
