"""The overview as a page in a real browser: who can use it, and what it can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.bench.region import make_region
from tests.browser import browser, needs_browser, opened
from tests.sync.helpers import TODAY, Site, book
from tests.sync.overview.test_page_file import HOSTILE, PAGE, WRONG

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [*needs_browser, pytest.mark.slow]
Colours = Literal["light", "dark"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def demo_page(folder: Path, workbooks: dict[str, bytes], language: str) -> Path:
    site = Site(folder)
    site.configure(PAGE, top=f'language = "{language}"')
    for name, content in workbooks.items():
        site.put(name, content)
    site.sync()
    return site.root / "Overblik.html"


@pytest.fixture(scope="module", params=["da", "en"])
def page_of_four(
    tmp_path_factory: pytest.TempPathFactory,
    demo_workbooks: dict[str, bytes],
    request: pytest.FixtureRequest,
) -> Path:
    return demo_page(tmp_path_factory.mktemp(request.param), demo_workbooks, request.param)


@pytest.fixture(scope="module")
def danish(tmp_path_factory: pytest.TempPathFactory, demo_workbooks: dict[str, bytes]) -> Path:
    return demo_page(tmp_path_factory.mktemp("danish"), demo_workbooks, "da")


def faults(chromium: Browser, file: Path, colours: Colours, width: int) -> list[Any]:
    """What axe finds, best practices included; the page must ask for nothing meanwhile."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    with opened(chromium, file, width=width, colours=colours) as (page, heard):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = axe.Axe().run(page).response["violations"]
        assert heard == []
        return [(one["id"], one["nodes"][0]["target"]) for one in found]


@pytest.mark.parametrize(("colours", "width"), [("light", 1_440), ("dark", 360)])
def test_it_has_no_fault_of_four_workbooks(
    chromium: Browser, page_of_four: Path, colours: Colours, width: int
) -> None:
    assert faults(chromium, page_of_four, colours, width) == []


@pytest.mark.long
@pytest.mark.parametrize("language", ["da", "en"])
def test_it_has_no_fault_of_forty(tmp_path: Path, chromium: Browser, language: str) -> None:
    site = Site(tmp_path / "region")
    make_region(site.root, 40, TODAY)
    text = site.config.read_text(encoding="utf-8")
    site.config.write_text(f'language = "{language}"\n{text}\n{PAGE}\n', encoding="utf-8")
    site.sync()
    file = site.root / "Overblik.html"
    assert file.stat().st_size < 900_000
    assert faults(chromium, file, "light", 1_440) == []
    assert faults(chromium, file, "dark", 1_440) == []


def test_filters_work_by_keyboard(chromium: Browser, danish: Path) -> None:
    with opened(chromium, danish) as (page, heard):
        cards = page.locator("article:visible")
        everything = cards.count()
        page.keyboard.press("Tab")
        for _ in range(40):
            if page.evaluate("document.activeElement.id") == "f-area":
                break
            page.keyboard.press("Tab")
        page.keyboard.type("Tibb")
        assert page.locator("#f-area").input_value() == "Tibberupparken"
        assert cards.count() == 1
        assert "Tibberupparken" in cards.inner_text()
        assert page.locator("#count").inner_text() == f"1 af {everything} planer vises."
        areas = page.locator(
            "#tab-Erfaringer tbody tr:visible:not(.group) td:nth-child(2)"
        ).all_inner_texts()
        assert set(areas) == {"Tibberupparken"}
        page.locator("#f-severity").select_option("Fejl")
        shown = page.locator("article:visible tr[data-severity]:visible th").all_inner_texts()
        assert set(shown) == {"Fejl"}
        page.locator("button[type=reset]").press("Enter")
        shown_again = page.locator("article:not([hidden])").nth(everything - 1)
        shown_again.wait_for(state="visible")
        assert heard == []


def test_without_script_everything_is_shown(chromium: Browser, danish: Path) -> None:
    with opened(chromium, danish, script=False) as (page, _heard):
        assert page.locator("article:visible").count() == page.locator("article").count() == 3
        assert page.locator("#filters:visible").count() == 0


@pytest.mark.parametrize("width", [320, 360, 768, 1_440])
def test_no_width_scrolls_sideways(chromium: Browser, danish: Path, width: int) -> None:
    with opened(chromium, danish, width=width) as (page, _heard):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_hostile_text_stays_text_and_its_policy_holds(site: Site, chromium: Browser) -> None:
    site.configure(PAGE)
    names = {"Plannavn": HOSTILE, "Kontaktperson": HOSTILE, "Boligområde": HOSTILE}
    cells = WRONG | {"Indsatser!C2": HOSTILE, "Indsatser!J2": '" onmouseover="alert(3)'}
    site.put("a.xlsx", book(plan=names, cells=cells))
    site.sync()
    with opened(chromium, site.root / "Overblik.html") as (page, heard):
        assert page.locator("img").count() == page.locator("[onmouseover]").count() == 0
        assert page.locator("article h3").inner_text() == HOSTILE
        assert heard == []
        page.evaluate(
            "const one = document.createElement('script');"
            "one.text = 'window.ran = 1'; document.body.append(one)"
        )
        assert page.evaluate("window.ran") is None
        refused = page.evaluate(
            "new Promise(told => {"
            "document.addEventListener('securitypolicyviolation', one => told(one.blockedURI));"
            "new Image().src = 'https://example.invalid/a.png'; setTimeout(told, 10000)})"
        )
        assert refused == "https://example.invalid/a.png"
        assert any("Content Security Policy" in text for text in heard)


def test_each_plan_is_a_page_of_paper(chromium: Browser, danish: Path) -> None:
    with opened(chromium, danish) as (page, _heard):
        pdf = page.pdf(prefer_css_page_size=True)
    assert 7 <= pdf.count(b"/Type /Page\n") <= 10
