"""Screens for people: each is one router here, one template folder, one test file."""

from facetwise.web.screens import check, codes, data, rules, spine

SCREENS = (spine.router, codes.router, check.router, rules.router, data.router)
