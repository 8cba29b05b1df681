"""The dashboard and the alert rules ask only for what /metrics has, and every alert has its entry in the runbook."""

import json
import re
from collections.abc import Iterator, Sequence

import pytest
from ruamel.yaml import YAML

from config.environment import ROOT
from tests.durability.installation import Installation
from tests.labs.lives import wait_until

RULES = YAML(typ="safe").load(ROOT / "deploy" / "prometheus" / "alerts.yml")["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "finalcheck.json").read_text())
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
SELECTOR = re.compile(r"\b((?:finalcheck|django)_\w+)(?:\{([^}]*)\})?")
ONLY_ON_POSTGRESQL = re.compile(r"finalcheck_database_(?!bytes|failures)")


def expressions() -> list[str]:
    panels = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
    return [*panels, *(rule["expr"] for rule in RULES)]


def missing_in(page: str, asked: Sequence[str]) -> list[str]:
    """Return the selectors for which /metrics has no series: an unknown name, or a value that the label never has."""
    wrong = []
    for name, matchers in (found for expression in asked for found in SELECTOR.findall(expression)):
        series = [line for line in page.splitlines() if re.match(rf"{name}[{{ ]", line)]
        labels = re.findall(r'(\w+)(=|!=|=~)"([^"]*)"', matchers)
        for label, kind, value in labels:
            wanted = f'{label}="{value}"' if kind == "=" else f'{label}="'
            series = [line for line in series if wanted in line]
        if not series:
            wrong.append(f"{name}{{{matchers}}}")
    return wrong


@pytest.fixture
def installation(tmp_path, migrated_database) -> Iterator[Installation]:
    with Installation(tmp_path, {"DATABASE_URL": migrated_database}) as found:
        found.start("web", "worker", "sweeper")
        yield found


def test_a_started_product_has_every_metric_of_the_dashboard_and_the_rules(installation):
    is_postgresql = installation.environ["FINALCHECK_DATABASE_URL"].startswith("postgres")
    asked = [each for each in expressions() if is_postgresql or not ONLY_ON_POSTGRESQL.search(each)]
    assert installation.get("/healthz")[0] == installation.get("/offline/")[0] == 200

    counted = (
        "finalcheck_mails_total",
        "finalcheck_lab_runs_total",
        "finalcheck_sweep_seconds_count",
    )  # by each program
    wait_until(lambda: missing_in(installation.get("/metrics")[1], counted) == [])
    page = installation.get("/metrics")[1]
    assert missing_in(page, asked) == []
    assert missing_in(page, ["finalcheck_nothing > 1", 'finalcheck_part_works{part="moon"}']) == [
        "finalcheck_nothing{}",
        'finalcheck_part_works{part="moon"}',
    ]


def test_every_alert_has_its_entry_in_the_runbook_and_every_entry_its_alert():
    names = [rule["alert"] for rule in RULES]
    assert re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE) == names
    assert len(set(names)) == len(names)
    assert [rule["annotations"]["runbook"] for rule in RULES] == [f"docs/runbook.md#{name.lower()}" for name in names]


def test_every_part_has_an_alert(client, db):
    parts = client.get("/readyz", headers={"Host": "localhost"}).json()["parts"]
    watched = {part for rule in RULES for part in re.findall(r'finalcheck_part_works\{part="(\w+)"\}', rule["expr"])}
    assert watched == set(parts)


def test_the_rules_and_the_dashboard_have_the_shape_that_their_programs_read():
    for rule in RULES:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+m", rule["for"])
        assert rule["labels"]["severity"] in {"warning", "critical"}
    for expression in expressions():
        assert [expression.count(each) for each in "({["] == [expression.count(each) for each in ")}]"]
    panels = DASHBOARD["panels"]
    assert sorted(panel["id"] for panel in panels) == list(range(1, len(panels) + 1))
    taken = [
        (x, y)
        for panel in panels
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
    scrape = YAML(typ="safe").load(ROOT / "deploy" / "prometheus" / "prometheus.yml")
    assert scrape["rule_files"] == ["alerts.yml"]
    assert f'up{{job="{scrape["scrape_configs"][0]["job_name"]}"}}' in RULES[0]["expr"]
