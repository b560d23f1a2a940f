"""One item's way through a trained network, number by number, and one step of learning from it."""
