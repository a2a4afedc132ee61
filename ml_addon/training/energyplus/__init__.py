"""The same policies in EnergyPlus, which knows nothing of our physics. Needs requirements/energyplus.txt."""
