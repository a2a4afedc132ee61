"""Virtual windows: the device's side of the contract, over a real broker."""
