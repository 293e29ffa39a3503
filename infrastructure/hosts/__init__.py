"""Hosts that the roles of one trial run on."""
