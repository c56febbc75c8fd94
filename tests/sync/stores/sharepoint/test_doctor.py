"""What the doctor says of SharePoint, and how a sign-in or a token is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.certificates import write_certificate
from tests.graph_server.faults import Fault
from tests.graph_server.tokens import CLIENT_ID, TENANT
from tests.sync.helpers import DAY, book
from tests.sync.stores.sharepoint.helpers import SharePointSite, once

NAME = "Vapnagaard.xlsx"


@pytest.fixture
def healthy(site: SharePointSite) -> SharePointSite:
    site.server.now = datetime.now(UTC)
    site.lay(NAME, book())
    return site


def mends(site: SharePointSite) -> list[str]:
    """What is to be mended in the source."""
    lines = site.command("doctor").out.splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith("MEND  source")]


def test_all_is_right(healthy: SharePointSite) -> None:
    out = healthy.command("doctor").out

    assert mends(healthy) == []
    says = f"application {CLIENT_ID} is signed in, with Sites.Selected: the least that is needed"
    for line in (says, "a file was made, replaced and removed", "the clock agrees",
                 "the library keeps earlier versions",
                 "workbooks that can be read: 1 of 1"):  # fmt: skip
        assert line in out
    assert healthy.files() == [NAME]


def test_more_than_the_least_permission(healthy: SharePointSite) -> None:
    healthy.server.tokens.roles = ["Sites.ReadWrite.All"]

    (line,) = mends(healthy)

    assert line.endswith("with Sites.ReadWrite.All: more than is needed")


def test_no_permission_at_all(healthy: SharePointSite) -> None:
    healthy.server.tokens.roles = []

    (line,) = mends(healthy)

    assert line.startswith("Webstedet eller biblioteket i SharePoint findes ikke, eller kontrollen")


def test_no_versions_and_a_wrong_clock(healthy: SharePointSite) -> None:
    healthy.server.library.keeps_versions = False
    healthy.server.tick(7200)

    versions, clock = mends(healthy)
    assert versions == "the library keeps no earlier versions"
    assert clock.startswith("this machine says ")


def test_a_key_that_others_can_read(healthy: SharePointSite) -> None:
    healthy.certificate.chmod(0o644)
    try:
        lines = mends(healthy)
    finally:
        healthy.certificate.chmod(0o600)

    assert lines == [f"{healthy.certificate} can be read by others"]


@pytest.mark.parametrize(
    ("access", "says"),
    [
        ("", "mangler adgangen til SharePoint"),
        ('certificate = "other.pem"', "Microsoft kender ikke kontrollens adgang (AADSTS700027)"),
        ('certificate = "missing.pem"', "findes ikke eller kan ikke læses"),
        ('secret_file = "secret"', "Microsoft kender ikke kontrollens adgang (AADSTS7000215)"),
    ],
)
def test_a_sign_in_that_is_refused(access: str, says: str, site: SharePointSite) -> None:
    write_certificate(site.root / "other.pem")
    (site.root / "secret").write_text("wrong")
    site.server.tokens.secret = "right" if "secret" in access else ""
    site.configure_sharepoint(access=access or "certificate = ''")

    answer = site.command("check", "--today", DAY)

    assert (answer.code, says in answer.out, "wrong" in answer.out) == (3, True, False)


def test_a_secret_from_the_environment(
    site: SharePointSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.server.tokens.secret = "right"
    monkeypatch.setenv("HELHEDSPLAN_SHAREPOINT_SECRET", "right")
    site.configure_sharepoint(access="certificate = ''")
    site.lay(NAME, book())

    assert [one["name"] for one in site.check().json["workbooks"]] == [NAME]


@pytest.mark.parametrize(
    ("verb", "part"),
    [("GET", "children"), ("GET", "content"), ("POST", "createUploadSession"),
     ("GET", "versions")],
)  # fmt: skip
def test_a_token_that_is_refused_before_its_end_is_renewed(
    verb: str, part: str, site: SharePointSite
) -> None:
    site.lay(NAME, book(cells={"Indsatser!I2": "'ca. 5"}))
    once(site.server, verb, part, site.server.tokens.given.clear)

    result = site.sync()

    assert (result.written, result.problems) == ([NAME], [])
    assert site.kinds()["upload"] == 1
    assert tokens_asked_for(site) == 2


def test_a_token_that_is_never_taken_is_renewed_once(site: SharePointSite) -> None:
    site.server.faults.on("/v1.0/", Fault.UNAUTHENTICATED)

    answer = site.command("check", "--today", DAY)

    assert (answer.code, "Microsoft afviser kontrollens adgang." in answer.out) == (3, True)
    assert site.kinds().total() == tokens_asked_for(site) == 2


def tokens_asked_for(site: SharePointSite) -> int:
    return sum(one.path.endswith("/token") for one in site.server.asked)


def test_a_sign_in_that_answers_as_no_sign_in_does(site: SharePointSite) -> None:
    site.server.faults.on("/oauth2/", Fault.UNAUTHENTICATED)

    answer = site.command("check", "--today", DAY)

    assert (answer.code, "Microsoft kender ikke kontrollens adgang" in answer.out) == (3, True)


def test_a_tenant_that_does_not_exist(site: SharePointSite) -> None:
    site.config.write_text(site.config.read_text().replace(TENANT, "nobody"))

    assert "Microsoft kender ikke kontrollens adgang" in site.command("check", "--today", DAY).out
