"""The workbench: screens for people and an API for programs, on the user's own machine."""
