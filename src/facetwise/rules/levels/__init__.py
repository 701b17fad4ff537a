"""Levels: joints of a session in order, each told once, in one region."""
