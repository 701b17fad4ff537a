"""`python -m facetwise` is the same as the `facetwise` command."""

from facetwise.cli.main import main

main()
