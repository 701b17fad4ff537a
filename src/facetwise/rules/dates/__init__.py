"""Dates of service: present, past, and inside the life of the code."""
