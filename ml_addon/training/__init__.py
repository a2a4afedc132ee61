"""How the model is made: rooms are simulated, streets synthesised, costs searched, the network fitted."""
