"""Tries to prove the promises of the product wrong: kills, power cuts, full disks, races; see docs/reliability.md."""
