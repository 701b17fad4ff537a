"""Drug lines: units from milligrams and the unit size of the code on the date."""

import re
from decimal import Decimal

from facetwise.anatomy import Question
from facetwise.coding import remarks
from facetwise.coding.codebook import Code
from facetwise.coding.facet import Setting, Written
from facetwise.coding.model import Line
from facetwise.procedure import Agent, ClaimType, Procedure
from facetwise.tables.answer import Held


def drug_lines(procedure: Procedure, setting: Setting) -> Written:
    """Lines for drugs with a code, on the claim of whoever bears their cost."""
    drugs = setting.book.drugs
    coded = [(agent, drugs[agent.name]) for agent in procedure.agents if agent.name in drugs]
    if not coded:
        return Written([], [])
    if not _practice_pays(procedure, setting):
        return Written([], [remarks.drug_supplier([agent.name for agent, _ in coded])])
    lines: list[Line] = []
    asked: list[Question] = []
    for agent, code in coded:
        found = _line(agent, code, setting)
        if isinstance(found, Line):
            lines.append(found)
            asked.append(remarks.drug_wastage(agent.name, code.code))
        else:
            asked.append(found)
    return Written(lines, asked)


def _practice_pays(procedure: Procedure, setting: Setting) -> bool:
    """Whether it is a practitioner's claim from outside a facility."""
    claim_type = setting.rules.ruleset.claim_type or procedure.claim_type
    if claim_type not in (None, ClaimType.PRACTITIONER) or not procedure.place_of_service:
        return False
    day = setting.explain.day
    assert day is not None
    found = setting.explain.store.find("places_of_service", day, pos=procedure.place_of_service)
    return isinstance(found, Held) and found.entry.row["setting"] == "non-facility"


def _line(agent: Agent, code: Code, setting: Setting) -> Line | Question:
    day = setting.explain.day
    assert day is not None
    size = re.fullmatch(r"(\d+(?:\.\d+)?) mg", code.drug_unit)
    if size is None:
        return remarks.drug_not_held(agent.name, f"The unit size of {code.code} is not held.")
    life = setting.book.life(code.code)
    if life.first is None or day < life.first:
        return remarks.drug_not_held(agent.name, f"{code.code} begins on {life.first}.")
    if agent.milligrams is None:
        return remarks.drug_amount(agent.name)
    exact = agent.milligrams / Decimal(size.group(1))
    units = int(exact) if exact == int(exact) else int(exact) + 1
    rounded = "" if exact == units else ", rounded up to whole units"
    text = (
        f"{agent.milligrams} mg of {agent.name}, {code.drug_unit} a unit: {units} units{rounded}."
    )
    return Line(code.code, (), units, (setting.explain.step("coding/drug-units", text),))
