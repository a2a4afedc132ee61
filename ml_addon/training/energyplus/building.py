"""A corner room under a flat roof as EnergyPlus reads it; floor and two walls are shared with neighbours as warm."""

from dataclasses import dataclass

WIDTH, DEPTH, HEIGHT = 4.0, 3.5, 2.6  # m
GLASS_WIDTH, GLASS_HEIGHT = 1.8, 1.4  # m
OPENING = 1.0  # m² when wide open
VOLUME = WIDTH * DEPTH * HEIGHT
WEEKS = ((1, 10), (4, 11), (7, 11), (10, 10))  # month and day when a fortnight of each season begins
DAYS, SETTLING_DAYS = 14, 2  # of each; the first days are not judged
_STEPS_PER_HOUR = 6
_TURN = (180, 270, 0, 90)  # of the building, so that the window faces north, east, south, west


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between rooms. `facade`: 0 north, 1 east, 2 south, 3 west."""

    facade: int
    heavy: bool
    bedroom: bool
    loud: bool

    @property
    def name(self) -> str:
        """In a few words."""
        side = ("north", "east", "south", "west")[self.facade]
        words = ("heavy" if self.heavy else "light", "bedroom" if self.bedroom else "living room")
        return f"{words[0]} {words[1]} to the {side}, {'loud' if self.loud else 'quiet'} street"


# Each facade twice, and each of the other properties in half of the rooms, so that none goes with another.
KINDS = tuple(
    Kind(facade=k % 4, heavy=bool(k >> 2 & 1), bedroom=bool((k ^ k >> 1) & 1), loud=bool((k >> 1 ^ k >> 2) & 1))
    for k in range(8)
)


def idf(kind: Kind) -> str:
    """The room, its schedules (which Python drives) and a fortnight of each season."""
    layers = ("Insulation,Brick,Plaster", "Plaster,Concrete,Plaster", "Insulation,Concrete,Plaster")
    if not kind.heavy:
        layers = ("Insulation,Board", "Board,Insulation,Board", "Insulation,Board")
    wall, slab, roof = layers
    parts = [
        f"""Version,25.2;
Timestep,{_STEPS_PER_HOUR};
Building,B,{_TURN[kind.facade]},City,0.04,0.4,FullExterior,25,6;
GlobalGeometryRules,UpperLeftCorner,Counterclockwise,Relative;
HeatBalanceAlgorithm,ConductionTransferFunction;
ZoneAirContaminantBalance,Yes,OUT_CO2,No,;
SimulationControl,No,No,No,No,Yes,No,1;
Zone,ROOM,0,0,0,0,1,1,autocalculate,autocalculate;
Material,Brick,Rough,0.24,0.5,1400,900,0.9,0.6,0.6;
Material,Insulation,Rough,0.10,0.04,30,1400,0.9,0.6,0.6;
Material,Plaster,Smooth,0.015,0.5,1200,1000,0.9,0.5,0.5;
Material,Concrete,Rough,0.10,1.6,2200,1000,0.9,0.5,0.5;
Material,Board,Smooth,0.05,0.25,900,1000,0.9,0.5,0.5;
Construction,ExtWall,{wall};
Construction,Slab,{slab};
Construction,Roof,{roof};
Construction,Inner,Board;
WindowMaterial:SimpleGlazingSystem,Glazing,1.3,0.35,0.6;
Construction,Pane,Glazing;
Window,Win,Pane,South,,1,1.0,0.9,{GLASS_WIDTH},{GLASS_HEIGHT};
ZoneInfiltration:DesignFlowRate,Leak,ROOM,ON,AirChanges/Hour,,,,0.3,1,0,0,0;
ZoneVentilation:WindandStackOpenArea,Vent,ROOM,{OPENING},OPENING,0.1,0,
  {GLASS_HEIGHT / 2},0.3,-100,,100,,-100,,-100,,100,,40;
OtherEquipment,Sensible,None,ROOM,SENSIBLE,EquipmentLevel,1,,,0,0.4,0;
OtherEquipment,Latent,None,ROOM,LATENT,EquipmentLevel,1,,,1,0,0;
ZoneContaminantSourceAndSink:CarbonDioxide,CO2src,ROOM,1,CO2GEN;
ZoneHVAC:EquipmentConnections,ROOM,EQUIP,INLET,,AIR,RET;
ZoneHVAC:EquipmentList,EQUIP,SequentialLoad,ZoneHVAC:IdealLoadsAirSystem,IDEAL,1,1,,;
ZoneHVAC:IdealLoadsAirSystem,IDEAL,,INLET,,,50,13,0.015,0.009,LimitCapacity,,1500,NoLimit,,,ON,OFF,None,,None,,;
ZoneControl:Thermostat,TSTAT,ROOM,CTYPE,ThermostatSetpoint:SingleHeating,HSET;
ThermostatSetpoint:SingleHeating,HSET,SETPOINT;
"""
    ]
    for month, day in WEEKS:
        parts.append(f"RunPeriod,M{month},{month},{day},,{month},{day + DAYS - 1},,Monday,No,No,No,Yes,Yes,No;\n")
    for name, value in (("ON", 1), ("OFF", 0), ("OPENING", 0), ("OUT_CO2", 420), ("SENSIBLE", 60), ("LATENT", 40)):
        parts.append(_constant(name, value))
    parts += [_constant("CO2GEN", 4e-6), _constant("CTYPE", 1), _constant("SETPOINT", 20)]
    a, b, c, d = (0.0, 0.0), (WIDTH, 0.0), (WIDTH, DEPTH), (0.0, DEPTH)
    parts += [
        _surface("South", "Wall", "ExtWall", "Outdoors", _wall(a, b)),
        _surface("East", "Wall", "ExtWall", "Outdoors", _wall(b, c)),
        _surface("North", "Wall", "Inner", "Adiabatic", _wall(c, d)),
        _surface("West", "Wall", "Inner", "Adiabatic", _wall(d, a)),
        _surface("Floor", "Floor", "Slab", "Adiabatic", [(*p, 0.0) for p in (a, d, c, b)]),
        _surface("Ceiling", "Roof", "Roof", "Outdoors", [(*p, HEIGHT) for p in (a, b, c, d)]),
    ]
    return "".join(parts)


def _constant(name: str, value: float) -> str:
    return f"Schedule:Constant,{name},,{value};\n"


def _wall(p: tuple[float, float], q: tuple[float, float]) -> list[tuple[float, float, float]]:
    return [(*p, HEIGHT), (*p, 0.0), (*q, 0.0), (*q, HEIGHT)]


def _surface(name: str, kind: str, construction: str, boundary: str, points: list[tuple[float, float, float]]) -> str:
    sun = "SunExposed,WindExposed" if boundary == "Outdoors" else "NoSun,NoWind"
    flat = ",".join(f"{c}" for point in points for c in point)
    return f"BuildingSurface:Detailed,{name},{kind},{construction},ROOM,,{boundary},,{sun},,{len(points)},{flat};\n"
