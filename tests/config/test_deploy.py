"""What deploy/ describes agrees with the product: commands, settings, paths, ports, users, and the split of the packages."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from http.client import HTTPConnection
from importlib.metadata import packages_distributions

import pytest
from ruamel.yaml import YAML

from bench.rig.ports import free_port
from config.environment import KNOWN, ROOT
from config.server.processes import PATIENCE
from config.up.address import Address
from config.up.greeting import is_healthy
from config.up.programs import COUNTING, all_programs
from tests.labs.lives import end, wait_until
from tests.laws.test_dependencies import imported, modules_of, normal

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "containers" / "Dockerfile").read_text()
COMPOSE = YAML(typ="safe").load(DEPLOY / "compose" / "compose.yaml")
KUBERNETES = DEPLOY / "kubernetes"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
LOCK = {package["name"]: package for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
NAME = "app.kubernetes.io/name"
# Lets a program import only what an image holds: the standard library, our code and these modules.
GATE = """
import sys
class Gate:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r} in this image", name=name)
sys.meta_path.insert(0, Gate())
"""


def locked(group: str = "") -> set[str]:
    """Return the packages that the lock installs for the product, or for one group alone."""
    project = LOCK["finalcheck"]
    left = list(project["dev-dependencies"][group] if group else project["dependencies"])
    found: set[str] = set()
    while left:
        wanted = left.pop()
        package = LOCK[wanted["name"]]
        found.add(wanted["name"])
        extras = [each for extra in wanted.get("extra", ()) for each in package["optional-dependencies"][extra]]
        left += [each for each in [*package.get("dependencies", ()), *extras] if each["name"] not in found]
        for extra in extras:
            found.add(extra["name"])
    return found


def missing_in_the_image() -> set[str]:
    """Return the modules of the installed packages that the image for web, worker and sweeper does not have."""
    here = locked()
    return {
        module
        for module, packages in packages_distributions().items()
        if not {normal(package) for package in packages} & here and not module.startswith("_")
    }


def test_only_the_runners_image_has_tensorflow():
    assert {"tensorflow-cpu", "tensorflow", "numpy", "ipython"} & locked() == set()
    assert {"tensorflow-cpu", "numpy", "ipython", "pillow"} <= locked("runner")
    assert {"django", "celery"} & locked("runner") == set()


def test_every_package_of_both_images_has_a_wheel_for_arm():
    def is_for_arm(wheel: str) -> bool:
        return wheel.endswith("-any.whl") or bool(
            re.search(r"-(cp313-cp313|cp3\d+-abi3|(py2\.)?py3-none)-manylinux.*_aarch64", wheel)
        )

    packages = locked() | locked("runner") - {"tensorflow-cpu"}
    wheels = {name: [each["url"].split("/")[-1] for each in LOCK[name].get("wheels", ())] for name in packages}
    assert [name for name, files in sorted(wheels.items()) if not any(map(is_for_arm, files))] == []


def test_the_runner_imports_only_its_own_packages():
    known = modules_of()
    modules = {module for package in locked("runner") for module in known.get(package, ())}
    files = [file for file in (ROOT / "labs" / "runner").rglob("*.py") if "files" not in file.parts]
    names = {name for file in files for name in imported(file.read_text())}
    assert names - modules - set(sys.stdlib_module_names) - {"labs"} == set()


def test_web_worker_and_sweeper_start_without_tensorflow(tmp_path):
    """Prepare, serve and ask for a page, with only the packages of their image importable."""
    (tmp_path / "sitecustomize.py").write_text(f"MISSING = {missing_in_the_image()!r}\n{GATE}")
    port, data = free_port(), tmp_path / "data"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    ours = {"DATA": str(data), "WEB_URL": f"http://127.0.0.1:{port}", "METRICS_PORT": str(free_port())}
    environ |= {"PYTHONPATH": str(tmp_path)} | {f"FINALCHECK_{name}": value for name, value in ours.items()}
    refused = subprocess.run((sys.executable, "-c", "import tensorflow"), env=environ, capture_output=True, text=True)
    assert "in this image" in refused.stderr
    subprocess.run((sys.executable, "manage.py", "prepare"), cwd=ROOT, env=environ, check=True, capture_output=True)
    counted = {
        "web": "django_http_",
        "worker": "finalcheck_lab_runs_total",
        "sweeper": "finalcheck_sweep_seconds_count",
    }
    assert set(counted) == set(COUNTING)
    processes = []
    with (tmp_path / "output").open("wb") as log:
        for program in COUNTING:
            alone = environ if program == "worker" else {**environ, "FINALCHECK_METRICS_PORT": "0"}
            command = (sys.executable, "manage.py", "serve", program, "--port", str(port))
            processes.append(subprocess.Popen(command, cwd=ROOT, env=alone, stdout=log, stderr=log))
        try:
            wait_until(lambda: is_healthy(Address("127.0.0.1", port)), patience=180)
            wait_until(lambda: all(word in page(port) for word in counted.values()), patience=180)
            assert "finalcheck_lab_runs_total" in page(int(ours["METRICS_PORT"]))
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                end(process)


def page(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/metrics", headers={"Host": "localhost"})
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_the_dockerfile_copies_what_exists_and_runs_as_an_ordinary_user():
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        assert [each for each in source.split() if not (ROOT / each).exists()] == []
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    images = {stage.split("\n")[0].split(" AS ")[1]: stage for stage in stages}
    for name in ("finalcheck", "runner"):
        assert "USER 10001:10001" in images[name]
    packages = {
        path.name for path in ROOT.iterdir() if (path / "__init__.py").exists() and path.name not in ("tests", "bench")
    }
    assert packages <= set(re.findall(r"^COPY (\w+) \w+$", images["finalcheck"], re.MULTILINE))
    assert re.findall(r"uv sync .*--(?:only-group|group) (\w+)", DOCKERFILE) == ["runner"]
    pin = re.search(r"pin='uv==([\d.]+)'", (ROOT / "ops" / "venv").read_text())[1]
    assert re.findall(r"astral-sh/uv:([\d.]+)", DOCKERFILE) == [pin]
    ignored = (DEPLOY / "containers" / "Dockerfile.dockerignore").read_text()
    copied = {
        each.split("/")[0]
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
        for each in line.split()
    }
    assert copied == set(re.findall(r"^!(\S+)$", ignored, re.MULTILINE))


def is_a_command(words: list[str]) -> bool:
    """Return whether these are arguments of manage.py that it understands, or of the runner."""
    if words[:1] == ["serve"]:
        return words[1] in COUNTING
    if words[:2] == ["backup", "--into"]:
        return words[2:3] == ["/backups"] and {"--keep"} <= set(words[3::2]) <= {"--keep", "--every"}
    return (
        words in (["prepare"], ["help"]) or words[:1] == ["--socket"] or (words[0], words[2]) == ("--listen", "--keys")
    )


def test_compose_starts_every_program_with_settings_that_exist():
    services = COMPOSE["services"]
    assert {"postgres", "redis", "prepare", "runner", "backup", "manage", *COUNTING} == set(services)
    for name, service in services.items():
        names = {each.removeprefix("FINALCHECK_") for each in service.get("environment", {}) if "FINALCHECK" in each}
        assert names - KNOWN == set()
        assert set(service.get("depends_on", {})) <= set(services)
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= {*COMPOSE["volumes"], "./courses"}
        if "build" in service:
            assert f"AS {service['build']['target']}\n" in DOCKERFILE
            assert (DEPLOY / "compose" / service["build"]["context"] / service["build"]["dockerfile"]).exists()
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        if "command" in service and name != "redis":
            assert is_a_command(service["command"]), name
    assert services["web"]["command"][-1] == services["web"]["ports"][0].split(":")[-1] == "8000"
    assert services["worker"]["volumes"][0] == services["runner"]["volumes"][0]


def test_every_line_of_the_file_of_settings_reaches_every_program_of_compose_but_the_lab_runner():
    services = COMPOSE["services"]
    example = (DEPLOY / "compose" / "finalcheck.env.example").read_text()
    given = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert {name for name, service in services.items() if "env_file" in service} == {
        "prepare", "backup", "manage", *COUNTING
    }  # fmt: skip
    assert {name.removeprefix("FINALCHECK_") for name in given} - {"POSTGRES_PASSWORD"} <= KNOWN
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose" / "compose.yaml").read_text()))
    assert asked == {"POSTGRES_PASSWORD"} <= given
    fixed = {name for service in services.values() for name in service.get("environment", {})}
    assert fixed & {f"FINALCHECK_{name}" for name in ("PUBLIC_URL", "SECRET_KEY", "PROXY")} == set()


def test_no_container_is_killed_before_its_program_has_ended_in_order():
    grace = {name: int(COMPOSE["services"][name]["stop_grace_period"].rstrip("s")) for name in COUNTING}
    pods = {name: each["spec"]["template"]["spec"] for name, each in named("Deployment").items()}
    (hook,) = [each["lifecycle"]["preStop"]["exec"]["command"] for each in pods["web"]["containers"]]
    assert grace["web"] > PATIENCE
    assert pods["web"]["terminationGracePeriodSeconds"] > PATIENCE + int(hook[1])
    assert grace["worker"] == pods["worker"]["terminationGracePeriodSeconds"]
    assert (
        int(re.search(r"TimeoutStopSec=(\d+)", (DEPLOY / "systemd" / "finalcheck-web.service").read_text())[1])
        > PATIENCE
    )
    unit_of_up = re.search(r"manage\.py up .*\nTimeoutStopSec=(\d+)", (ROOT / "docs" / "operations.md").read_text())
    assert int(unit_of_up[1]) > max(each.patience for each in all_programs(Address("127.0.0.1", 8000), {}))


def test_backups_are_written_by_the_client_programs_of_the_servers_major_version():
    (server,) = re.findall(r"postgres:(\d+)$", COMPOSE["services"]["postgres"]["image"])
    assert re.findall(r"postgresql-client-(\d+)=(\d+)\.", DOCKERFILE) == [(server, server)]


def objects() -> list[dict]:
    listed = YAML(typ="safe").load(KUBERNETES / "kustomization.yaml")["resources"]
    assert set(listed) | {"kustomization.yaml"} == {file.name for file in KUBERNETES.iterdir()}
    return [each for name in listed for each in YAML(typ="safe").load_all((KUBERNETES / name).read_text())]


def named(kind: str) -> dict[str, dict]:
    return {each["metadata"]["name"]: each for each in objects() if each["kind"] == kind}


def test_kubernetes_objects_refer_to_each_other():
    deployments = named("Deployment")
    assert set(deployments) == set(COUNTING)
    assert set(named("PodDisruptionBudget")) == set(COUNTING)
    for name, deployment in deployments.items():
        labels = {NAME: name}
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        assert deployment["spec"]["template"]["metadata"]["labels"] == labels
        assert named("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"] == labels
    scalers = named("HorizontalPodAutoscaler")
    assert set(scalers) == {"web", "worker"}
    for name, scaler in scalers.items():
        assert scaler["spec"]["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
        assert "replicas" not in deployments[name]["spec"]  # the autoscaler's alone
    metric = scalers["worker"]["spec"]["metrics"][0]["external"]["metric"]
    assert metric == {"name": "finalcheck_lab_queue_age_seconds", "selector": {"matchLabels": {"queue": "quick"}}}
    assert {each.removeprefix("FINALCHECK_") for each in named("ConfigMap")["finalcheck"]["data"]} <= KNOWN
    (service,) = named("Service").values()
    assert service["spec"]["selector"] == {NAME: "web"}


def test_kubernetes_pods_run_known_commands_as_an_ordinary_user_with_probes():
    scheduled = [each["spec"]["jobTemplate"] for each in named("CronJob").values()]
    for item in [*named("Deployment").values(), *named("Job").values(), *scheduled]:
        pod = item["spec"]["template"]["spec"]
        assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (True, 10001)
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in pod["containers"]:
            assert container["image"] in {"finalcheck", "finalcheck-runner"}
            assert is_a_command(container["args"])
            assert {each["name"].removeprefix("FINALCHECK_") for each in container.get("env", [])} <= KNOWN
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes
            safe = container["securityContext"]
            assert (safe["allowPrivilegeEscalation"], safe["readOnlyRootFilesystem"]) == (False, True)
            ports = {port["name"] for port in container.get("ports", [])}
            probes = [container[each]["httpGet"] for each in container if each.endswith("Probe")]
            assert all(probe["port"] in ports and probe["path"] in {"/healthz", "/metrics"} for probe in probes)
            assert bool(probes) == (item.get("kind") == "Deployment" and container["name"] != "runner")


def test_every_unit_runs_a_known_command_as_the_user_of_finalcheck_or_on_a_runner_host_as_root():
    names = {unit.stem.removeprefix("finalcheck-") for unit in UNITS}
    assert names == {"prepare", "runner", "runner-host", *COUNTING}
    for unit in UNITS:
        text = unit.read_text()
        assert f"User={'root' if 'runner-host' in unit.stem else 'finalcheck'}\n" in text
        (command,) = re.findall(
            r"^ExecStart=(?:/usr/bin/env --ignore-environment )?/srv/finalcheck/\.venv/bin/python "
            r"(?:manage\.py|-m labs\.runner) (.+)$",
            text,
            re.MULTILINE,
        )
        assert is_a_command(command.split())
        assert set(re.findall(r"FINALCHECK_(\w+)=", text)) <= KNOWN


def test_units_that_need_prepare_wait_for_it_and_it_may_wait_for_the_database():
    texts = {unit.stem.removeprefix("finalcheck-"): unit.read_text().splitlines() for unit in UNITS}
    needing = {name for name, lines in texts.items() if "Requires=finalcheck-prepare.service" in lines}
    assert needing == set(COUNTING)
    for name in needing:
        (after,) = [line for line in texts[name] if line.startswith("After=")]
        assert "finalcheck-prepare.service" in after.split()
    assert "TimeoutStartSec=infinity" in texts["prepare"]


def started_by(unit: str, variables: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return command and environment as systemd makes them, if /etc/finalcheck.env holds these variables."""
    lines = [
        line.partition("=") for line in (DEPLOY / "systemd" / f"finalcheck-{unit}.service").read_text().splitlines()
    ]
    environ = dict(value.split("=") for name, _, value in lines if name == "Environment")
    if ("EnvironmentFile", "/etc/finalcheck.env") in [(name, value) for name, _, value in lines]:
        environ |= variables
    (command,) = [value for name, _, value in lines if name == "ExecStart"]
    return [re.sub(r"\$\{(\w+)\}", lambda found: environ[found[1]], word) for word in command.split()], environ


@pytest.mark.parametrize("moved", [True, False])
def test_the_runner_listens_where_the_worker_looks_for_it(tmp_path, moved):
    variables = {"FINALCHECK_DATA": str(tmp_path)} if moved else {}
    command, _ = started_by("runner", variables)
    _, environ = started_by("worker", variables)
    show = "from config import settings; print(settings.RUNNER_SOCKET)"
    socket = subprocess.check_output((sys.executable, "-c", show), cwd=ROOT, env=environ, text=True).strip()
    assert command[-2:] == ["--socket", socket.replace(str(ROOT), "/srv/finalcheck")]


def test_the_runner_gets_no_secret():
    command, environ = started_by("runner", {"FINALCHECK_SECRET_KEY": "secret"})
    show = (*command[: command.index("/srv/finalcheck/.venv/bin/python")], sys.executable, "-c")
    kept = subprocess.check_output((*show, "import os; print(*os.environ)"), env=environ, text=True)
    assert "FINALCHECK_SECRET_KEY" in environ
    assert kept.split() == ["LC_CTYPE"]


if shutil.which("systemd-analyze"):

    @pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
    def test_systemd_understands_the_unit(tmp_path, unit):
        for each in UNITS:
            text = each.read_text().replace("/srv/finalcheck/.venv/bin/python", sys.executable)
            (tmp_path / each.name).write_text(text.replace("/srv/finalcheck", str(ROOT)))
        command = ("systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name))
        done = subprocess.run(command, capture_output=True, text=True)
        assert [line for line in done.stderr.splitlines() if "finalcheck" in line] == []
        assert done.returncode == 0

    @pytest.mark.parametrize("unit", [unit for unit in UNITS if "runner" not in unit.stem], ids=lambda unit: unit.stem)
    def test_a_unit_gives_its_program_few_rights(unit):
        """Below 4 of 10, as `systemd-analyze security` counts. The runner's own sandbox needs what these units take away."""
        command = ("systemd-analyze", "security", "--offline=true", "--threshold=40", str(unit))
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-200:]
