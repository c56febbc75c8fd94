"""The pages and the example configuration say what the code does."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner

from rules.catalogue.catalogue import RULE_BY_CODE, RULES
from rules.catalogue.example_plan import EXAMPLE
from rules.judging.rule import Rule
from rules.model.parameter_types import Limit
from rules.model.parameters import Parameters
from rules.model.plan import PlanForm
from rules.model.shipped import SHIPPED
from rules.model.tables import TABLES
from rules.text.dates import parse_date
from rules.text.language import DANISH
from sheets_templates.template.plan_design import plan_workbook
from sync.cli.app import app
from sync.cli.rule_pages import in_full
from sync.config.settings import Settings, load, parsed
from sync.i18n.language import language_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CONFIG = ROOT / "config.example.toml"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), CONFIG], key=lambda page: page.as_posix())
HAND_WRITTEN = [page for page in PAGES if page.name not in {"regler.md", "rules.md"}]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def reference() -> dict[str, Any]:
    """What docs/make_reference.py defines."""
    return runpy.run_path(str(DOCS / "make_reference.py"))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# The configuration


IN_COMMENTS = re.compile(
    r"(?m)^ *# (?=\{ kind = \"(?:google|sharepoint)|\[\[(?:programmes|expected_plans)\]\]"
    r"|(?:id|name|grant|from|to|effort_areas|reports|minimum_local_share) = [\"\[\d])"
)


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """The file, with what stands there as a comment: a source, a programme, a registered plan."""
    return tomllib.loads(IN_COMMENTS.sub("", text_of(CONFIG)))


def keys_of(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every key that can be configured, as `section.key`."""
    for key, field in model.model_fields.items():
        yield f"{path}{field.alias or key}"
        for section in sections_in(field.annotation):
            yield from keys_of(section, f"{path}{key}.")


def sections_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The sections that a key's type speaks of: itself, or in a list, or as one of several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from sections_in(part)


def written(value: object, path: str = "") -> Iterator[str]:
    """Every key that stands in the file, as `section.key`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}{key}"
            yield from written(inner, f"{path}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from written(inner, path)


def without_sources(parameters: Parameters) -> Parameters:
    """The parameters without where their values come from: the configuration is its own source."""
    limits: dict[str, Any] = {
        key: replace(value, source="")
        for key, value in vars(parameters).items()
        if isinstance(value, Limit)
    }
    return replace(
        parameters,
        areas=tuple(replace(area, source="") for area in parameters.areas),
        programmes=tuple(replace(programme, source="") for programme in parameters.programmes),
        **limits,
    )


def test_every_key_stands_in_the_example(example: dict[str, Any]) -> None:
    words = {key for key in written(example) if key.startswith("choice_aliases.")}
    assert set(keys_of(Settings)) == set(written(example)) - words


def test_the_example_changes_nothing(example: dict[str, Any]) -> None:
    settings = load(CONFIG)
    defaults = Settings()
    (source,) = settings.folders
    assert settings.sources == settings.folders

    assert without_sources(settings.parameters()) == without_sources(SHIPPED)
    assert settings.schedule == defaults.schedule
    assert settings.reading == defaults.reading
    assert settings.overview.file == CONFIG.parent / defaults.overview.file
    assert settings.state.folder == CONFIG.parent / defaults.state.folder
    assert source == type(source)(folder=source.folder)
    assert example["sources"][0]["folder"] == "sheets"


def test_what_is_not_certain_is_marked() -> None:
    before = text_of(CONFIG).partition('name = "Ellekildehave"')[0]

    assert "TO BE CONFIRMED" in before.rpartition("[[areas]]")[0].rpartition("[[areas]]")[2]


def test_every_key_is_explained_in_the_interfaces() -> None:
    explained = text_of(DOCS / "interfaces.md").partition("\n## Configuration")[2]

    for key in Settings.model_fields:
        assert f"`{key}" in explained, key


# The commands


CLICK = typer.main.get_command(app)
COMMANDS: dict[str, Any] = vars(CLICK)["commands"]


def leaves(command: Any) -> Iterator[Any]:
    """A command, and those below it where it is a group."""
    yield command
    for inner in vars(command).get("commands", {}).values():
        yield from leaves(inner)


CALL = re.compile(r"(?<![\w/-])helhedsplan +(?P<rest>[^`\n»|#]*)")
IN_CODE = re.compile(r"`([^`\n]+)`|^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def options_of(command: Any) -> set[str]:
    """The options of a command and of those below it."""
    parameters = [parameter for leaf in leaves(command) for parameter in leaf.params]
    return {name for parameter in parameters for name in parameter.opts} | {"--help"}


def calls() -> Iterator[tuple[str, str]]:
    """Every `helhedsplan …` on a page, and what follows."""
    for page in PAGES:
        for snippet in IN_CODE.finditer(text_of(page)):
            for match in CALL.finditer(snippet[1] or snippet[2]):
                yield name_of(page), match["rest"].strip()


def test_the_pages_name_commands() -> None:
    named = {rest.split()[0] for page, rest in calls() if page == "README.md" and rest}

    assert named == set(COMMANDS)


@pytest.mark.parametrize(("page", "call"), sorted(set(calls())))
def test_a_command_that_is_named_exists(page: str, call: str) -> None:
    words = shlex.split(call.replace("[", " ").replace("]…", " ").replace("]", " "))
    if not words or words[0].startswith("-"):
        assert set(words) <= {"--help", "--version"}, page
        return
    assert words[0] in COMMANDS, page
    assert {word for word in words if word.startswith("-")} <= options_of(COMMANDS[words[0]]), page


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name_of)
def test_an_option_that_is_named_exists(page: Path) -> None:
    known = options_of(CLICK)
    named = set(re.findall(r"`(--?[a-z][a-z-]*)[^`\n]*`", text_of(page)))

    assert named <= known


def test_every_option_is_explained() -> None:
    page = text_of(DOCS / "interfaces.md")
    for command in COMMANDS.values():
        for option in options_of(command) - {"-c", "--help"}:
            assert f"`{option}" in page or f" {option}" in page, option


@pytest.mark.parametrize(
    "target", re.findall(r"(?m)(?:`|^)make ([a-z]+)", text_of(ROOT / "README.md"))
)
def test_a_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", text_of(ROOT / "Makefile"), re.MULTILINE)


# The pages


@pytest.mark.parametrize("name", ["DANISH_PAGE", "ENGLISH_PAGE"])
def test_the_rules_page_is_current(name: str) -> None:
    page = reference()[name]

    assert text_of(page.file) == reference()["rules_page"](page), "make reference"


def test_the_rules_page_has_every_rule() -> None:
    for name, title in (("regler.md", DANISH.text), ("rules.md", language_of("en").text)):
        headings = re.findall(r"^### (\S+) (.+)$", text_of(DOCS / name), re.MULTILINE)

        assert headings == [(rule.code, title(rule.title)) for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_command_says_what_the_page_says(rule: Rule) -> None:
    page = text_of(DOCS / "regler.md").partition(f"\n### {rule.code} ")[2].partition("\n<a id=")[0]
    printed = plain("\n".join(in_full(rule.code)))

    for line in page.partition("\n")[2].splitlines():
        for text in re.split(r"\*\*[^*]+\*\*| · |\*", line.removeprefix("- ")):
            if len(text) > 3 and not text.startswith(("#", "Kontrollen kan", " et af disse")):
                assert plain(text) in printed, text


def plain(text: str) -> str:
    """Without the marks of a page, blanks and breaks as one."""
    return " ".join(re.sub(r"`([^`]*)`", r"»\1«", text).split())


def test_the_workbook_page_is_current() -> None:
    page: Callable[[str], str] = reference()["workbook_page"]
    current = text_of(DOCS / "workbook.md")

    assert current == page(current), "make reference"


def test_the_workbook_page_has_every_column() -> None:
    page = text_of(DOCS / "workbook.md")
    for table in TABLES:
        section = page.partition(f"\n### {table.tab}\n")[2].partition("\n### ")[0]
        named = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[2:]
        columns = [column.header for column in table.columns]
        assert [name for name in named if not name.startswith("a year")][: len(columns)] == columns


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_rule_that_is_named_exists(page: Path) -> None:
    made_up = {"IND-05"} if page.name == "CONTRIBUTING.md" else set()  # the guide's example
    families = "|".join(sorted({rule.code[:3] for rule in RULES}))
    named = set(re.findall(rf"\b(?:{families})-\d\d\b", text_of(page)))

    assert named - set(RULE_BY_CODE) - made_up == set()


def test_the_site_has_every_page_in_its_menu() -> None:
    menu = text_of(ROOT / "mkdocs.yml").partition("\nnav:")[2]
    decisions = text_of(DOCS / "decisions" / "README.md")

    for page in PAGES:
        if page.parent == DOCS / "decisions" and page.name != "README.md":
            assert f"({page.name})" in decisions
        elif page.suffix == ".md":
            assert f": {name_of(page)}\n" in menu, "put the page into the menu of mkdocs.yml"


def test_the_readme_counts_the_rules() -> None:
    page = text_of(ROOT / "README.md")

    assert f"{len(RULES)} rules" in page
    assert page == reference()["readme_page"](page), "make reference"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        path, _, anchor = target.partition("#")
        assert "://" not in path, target
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", text_of(linked), re.MULTILINE)
            anchors = {title.lower().replace(" ", "-") for title in titles}
            anchors |= set(re.findall(r'<a id="([^"]+)">', text_of(linked)))
            assert anchor in anchors, target


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name_of)
def test_a_file_that_is_named_exists(page: Path) -> None:
    for path in re.findall(
        r"`((?:rules|sync|sheets_templates|tests|docs)/[\w./*]+)`", text_of(page)
    ):
        assert list(ROOT.glob(path.rstrip("/"))), path


def test_the_drawing_of_the_architecture_is_the_layers() -> None:
    """Every package stands in the drawing, in the rows of the import-linter contract."""
    contracts = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    drawing = text_of(DOCS / "architecture.md").partition("```text\n")[2].partition("```")[0]
    rows: list[list[str]] = []
    root = ""
    for line in drawing.splitlines():
        root = line[:19].strip() or root
        names = re.findall(r"[a-z0-9_]+", line[19:55])
        rows.append([f"{root}.{name}" for name in names])

    assert rows == [one.split(" | ") for one in layers if one != "sync.__main__"]


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").iterdir()), ids=name_of)
def test_a_picture_is_small_and_shown(picture: Path) -> None:
    content = picture.read_bytes()

    assert content.startswith(b"\x89PNG")
    assert len(content) < 200_000
    assert any(f"pictures/{picture.name}" in text_of(page) for page in HAND_WRITTEN)


# The JSON form


def shape(value: object) -> object:
    """The keys of a JSON value; of a list those of its first entry."""
    match value:
        case dict():
            return {key: shape(inner) for key, inner in value.items()}
        case [first, *_]:
            return [shape(first)]
        case _:
            return None


def test_the_json_example_has_the_form_of_the_output(tmp_path: Path) -> None:
    page = text_of(DOCS / "interfaces.md")
    block = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert block
    form = {row[0]: row[1] for row in EXAMPLE["Plan"]}
    master = PlanForm(
        plan_id=form["Plan-id"],
        name=form["Plannavn"],
        area=form["Boligområde"],
        organisation=form["Boligorganisation"],
        other_organisations=None,
        programme=None,
        starts_on=parse_date(form["Startdato"]),
        ends_on=parse_date(form["Slutdato"]),
        status=form["Planstatus"],
        contact=None,
        email="nobody",
    )
    (tmp_path / "Vapnagaard.xlsx").write_bytes(plan_workbook(SHIPPED, master, years=[2025]))
    result = CliRunner().invoke(app, ["check", str(tmp_path), "--format", "json"])
    printed = json.loads(result.stdout)

    assert result.exit_code == 1, result.output
    assert shape(json.loads(block[1])) == shape(printed)
    for key in ("findings", "plans", "workbooks"):
        for name in printed[key][0]:
            assert f"`{key}[].{name}`" in page or f"`{name}`" in page or f'"{name}"' in page


def test_the_examples_of_a_configuration_can_be_read() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", text_of(DOCS / "operating.md"), re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        parsed(block, Path("config.toml")).parameters()
