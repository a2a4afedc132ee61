"""Whose weather is learnt from, and whose is kept for judging: by the names of the EPW files.

The files come with the packages of requirements/energyplus.in: EnergyPlus' own, and examples of accim and diyepw.
"""

TRAINING = (
    "Current_Ahmedabad-hour",
    "Current_GC07_Chapeco",
    "Current_GC20_Palmas",
    "Current_Shimla-hour",
    "RCP26_2100_GC03_Ponta_Grossa",
    "USA_AK_Northway.AP.702910_TMY3",
    "USA_AZ_Phoenix-Sky.Harbor.Intl.AP.722780_TMY3",
    "USA_CA_Fresno.Air.Terminal.723890_TMY3",
    "USA_CA_San.Francisco.Intl.AP.724940_TMY3",
    "USA_CO_Boulder-Broomfield-Jefferson.County.AP.724699_TMY3",
    "USA_CO_Colorado.Springs-Peterson.Field.724660_TMY3",
    "USA_CO_Golden-NREL.724666_TMY3",
    "USA_FL_Miami.Intl.AP.722020_TMY3",
    "USA_FL_Tampa.Intl.AP.722110_TMY3",
    "USA_NJ_Newark.Intl.AP.725020_TMY3",
    "USA_NV_Las.Vegas-McCarran.Intl.AP.723860_TMY3",
    "USA_OK_Oklahoma.City-Will.Rogers.World.AP.723530_TMY3",
    "USA_VA_Sterling-Washington.Dulles.Intl.AP.724030_TMY3",
)
HELD_OUT = (
    "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3",
    "Seville",
    "GBR_London.Gatwick.037760_IWEC",
    "GBR_Aberdeen.Dyce.030910_IWEC",
    "Sydney",
    "USA_CA_Mount.Shasta.725957_TMYx",
)
SHORT = {
    "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3": "Chicago",
    "GBR_London.Gatwick.037760_IWEC": "London",
    "GBR_Aberdeen.Dyce.030910_IWEC": "Aberdeen",
    "USA_CA_Mount.Shasta.725957_TMYx": "Mount Shasta",
}
