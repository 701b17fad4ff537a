"""What the code is and is not, its imaging, a case that would pass, and what stands near it."""

from facetwise.pages.content import citations, of_page, statements
from facetwise.pages.gather import Context, once
from facetwise.pages.model import Grid, NotAvailable, Section

_NO_POLICY = NotAvailable(
    "When it is done, by a policy of the date", "the payer's policy that was in force on the date"
)


def scope(page: Context) -> Section:
    """What it is, and what it is taken for and is not."""
    said = (*statements(page, "what"), *statements(page, "not"))
    return Section("scope", "What it is, and what it is not", said)


def image_guidance(page: Context) -> Section:
    """Which imaging belongs to the code, and what must not be billed beside it."""
    return Section("image-guidance", "Image guidance", statements(page, "guidance"))


def clinical_context(page: Context) -> Section:
    """When it is done, and a case that the policies would pass."""
    said = (*statements(page, "when"), *statements(page, "case"))
    gaps = () if said or not page.text("region") else (_NO_POLICY,)
    return Section("clinical-context", "When it is done, and a model case", said, (), gaps)


def record(page: Context) -> Section:
    """What the record must show."""
    return Section("record", "What the record must show", statements(page, "record"))


def related(page: Context) -> Section:
    """Codes that stand beside it, and how."""
    entries = of_page(page, "statement", "related")
    rows = tuple((said["code"], page.name_of(said["code"]), said["text"]) for said in entries)
    cited = once(one for said in entries for one in citations(page, said))
    grid = Grid("related", "Related codes", ("code", "what it is", "how it stands"), rows, cited)
    return Section("related", "Related codes", grids=(grid,) if rows else ())
