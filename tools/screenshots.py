"""Pictures of pages as readers see them: light and dark, desktop and phone, and on paper.

    python tools/screenshots.py PAGE.html... -o FOLDER

Needs Chromium and Playwright; `pdftoppm` for pictures of the printed page.
"""

import argparse
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTHS = (("desktop", 1280, 900), ("phone", 390, 844))


def main() -> None:
    """Read the arguments and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("screenshots"))
    parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for page in chosen.pages:
            shoot(browser, page, chosen.output, whole=not chosen.fold)
        browser.close()


def shoot(browser: Browser, path: Path, output: Path, *, whole: bool) -> None:
    """Four pictures of a page, its PDF, and the first sheets of the PDF as pictures."""
    for scheme in ("light", "dark"):
        for name, width, height in WIDTHS:
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            page.goto(path.resolve().as_uri())
            page.screenshot(path=output / f"{path.stem}-{scheme}-{name}.png", full_page=whole)
            page.close()
    page = browser.new_page()
    page.goto(path.resolve().as_uri())
    pdf = output / f"{path.stem}.pdf"
    page.pdf(path=pdf, format="A4", print_background=True)
    page.close()
    if shutil.which("pdftoppm"):
        subprocess.run(
            ["pdftoppm", "-r", "60", "-l", "4", "-png", pdf, pdf.with_suffix("")], check=True
        )


if __name__ == "__main__":
    main()
