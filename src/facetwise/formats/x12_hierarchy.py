"""The hierarchy of an 837: billing provider, subscriber and patient, and who a claim is for."""

from facetwise.claim import ClaimType, patient_key
from facetwise.formats.x12_drafts import Context, Elements, Party, Person
from facetwise.formats.x12_envelope import Problem
from facetwise.formats.x12_transactions import Handler, Transactions


class Hierarchy(Transactions):
    """The levels above a claim. Only a digest of the people in them leaves the reader.

    Attributes:
        party: the provider that the next taxonomy or address is of.
        provider_doubt: something of the billing provider's level was lost.
    """

    def __init__(self, file: str, claim_type: ClaimType | None, secret: bytes) -> None:
        super().__init__(file, claim_type, secret)
        self.forget_provider()
        self.header = self.unread | {"HL": self.hl}
        self.at_provider: dict[str, Handler] = {}
        self.at_person: dict[str, Handler] = {}

    def begin_hierarchy(self) -> None:
        """A transaction begins: nobody is known yet."""
        self.forget_provider()

    def forget_provider(self) -> None:
        """A new billing provider level begins."""
        self.billing: Party | None = None
        self.party: Party | None = None
        self.taxonomy, self.taxonomy_at = "", 0
        self.provider_doubt = False
        self.provider_level = ""
        self.forget_subscriber()

    def forget_subscriber(self) -> None:
        """A new subscriber level begins."""
        self.subscriber, self.patient = Person(), None
        self.person: Person | None = None
        self.subscriber_level = ""
        self.filing_code, self.filing_code_at = "", 0
        self.payer_id, self.payer_name, self.payer_at = "", "", 0
        self.key = ""
        self.doubt = False

    def hl(self, elements: Elements, at: int) -> None:
        """A level of the hierarchy: billing provider, subscriber or patient."""
        self.finish_claim()
        own, parent, level = elements[1], elements[2], elements[3]
        if level == "20":
            self.forget_provider()
            self.provider_level = own
            self.handlers = self.at_provider
        elif level == "22":
            self.expect_parent(parent, self.provider_level, at)
            self.provider_doubt |= self.doubt and self.handlers is self.at_provider
            self.forget_subscriber()
            self.subscriber_level = own
            self.handlers = self.at_person
        elif level == "23":
            self.expect_parent(parent, self.subscriber_level, at)
            self.new_patient()
            self.handlers = self.at_person
        else:
            self.say(
                Problem("x12/hierarchy", "a level that is not one of an 837.", "HL03", lost=True),
                at,
            )

    def expect_parent(self, parent: str, expected: str, at: int) -> None:
        """Levels nest in file order; another parent than the one before is doubtful."""
        if parent != expected:
            message = "the parent of this level is not the level before it; file order was used."
            self.say(Problem("x12/hierarchy", message, "HL02"), at)

    def new_patient(self) -> None:
        """The patient is not the subscriber."""
        self.patient = self.person = Person()
        self.key = ""
        self.doubt = False

    def prv(self, elements: Elements, at: int) -> None:
        """A taxonomy: of the provider just named, or before it of the billing provider."""
        if self.party:
            self.party.taxonomy, self.party.taxonomy_at = elements[3].strip(), at
        elif self.handlers is self.at_provider:
            self.taxonomy, self.taxonomy_at = elements[3].strip(), at

    def n4(self, elements: Elements, at: int) -> None:
        if self.party:
            self.party.state, self.party.state_at = elements[2].strip().upper(), at

    def nm1_provider(self, elements: Elements, at: int) -> None:
        """The billing provider, and others of its level that we do not need."""
        self.party = None
        if elements[1] == "85":
            self.party = self.billing = party_of(elements, at)
            self.party.taxonomy, self.party.taxonomy_at = self.taxonomy, self.taxonomy_at
        elif elements[1] in ("IL", "QC"):
            self.nm1_person(elements, at)
            self.handlers = self.at_person

    def sbr(self, elements: Elements, at: int) -> None:
        self.filing_code, self.filing_code_at = elements[9].strip(), at

    def nm1_person(self, elements: Elements, at: int) -> None:
        """The subscriber, the patient or the payer."""
        entity = elements[1]
        if entity == "PR":
            self.person = None
            self.payer_name, self.payer_id = elements[3].strip(), elements[9].strip()
            self.payer_at = at
            return
        self.person = None
        if entity == "IL":
            self.person = self.subscriber
        elif entity == "QC":
            self.patient = self.person = self.patient or Person()
        if self.person:
            self.person.at = at
            self.person.last, self.person.first = elements[3], elements[4]
            self.person.member = elements[9]
            self.key, self.doubt = "", False

    def dmg(self, elements: Elements, at: int) -> None:
        if self.person:
            self.person.birth = elements[2]
            self.key = ""

    def stray_subscriber(self, elements: Elements, at: int) -> None:
        """A subscriber after a service line: its level segment is lost."""
        self.finish_claim()
        self.forget_subscriber()
        self.handlers = self.at_person
        self.sbr(elements, at)

    def nm1_stray(self, elements: Elements, at: int) -> None:
        """A billing provider, subscriber or patient after a line: its level segment is lost."""
        self.party = None
        if elements[1] == "85":
            self.finish_claim()
            self.forget_provider()
            self.handlers = self.at_provider
            self.nm1_provider(elements, at)
        elif elements[1] in ("IL", "QC"):
            self.finish_claim()
            if elements[1] == "IL":
                self.forget_subscriber()
            else:
                self.new_patient()
            self.handlers = self.at_person
            self.nm1_person(elements, at)

    def patient_digest(self) -> str:
        """The key of the patient; empty when too little is known to tell people apart."""
        if not self.key and not self.doubt:
            member, who = self.subscriber.member, self.patient or self.subscriber
            named = bool(who.last or who.first)
            if (member and (named or not self.patient)) or (named and who.birth):
                parts = (member, who.last, who.first, who.birth)
                self.key = patient_key(*parts, secret=self.secret)
        return "" if self.doubt else self.key

    def context(self) -> Context:
        """What a claim takes from the levels above it."""
        who = self.patient or self.subscriber
        return Context(
            self.patient_digest(),
            who.at,
            self.billing,
            self.payer_id,
            self.payer_name,
            self.payer_at,
            self.filing_code,
            self.filing_code_at,
            self.envelope.interchange,
            self.interchange_at,
            self.claim_type,
        )


def party_of(elements: Elements, at: int) -> Party:
    """A provider; only a national identifier (XX) is kept."""
    return Party(elements[9].strip() if elements[8] == "XX" else "", at)
