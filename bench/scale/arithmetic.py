"""What a number of learners needs: pure functions of the inputs. docs/scale.md explains each line of the result."""

import math
from dataclasses import dataclass

from bench.scale.inputs import Inputs
from bench.scale.waiting import Cores, servers_for, waves_mean_wait

DAY, WEEK, MINUTE = 86_400.0, 7 * 86_400.0, 60.0
EXAM_START_REQUESTS = 4  # page before the exam, Start, its redirect, first question (bench/rig/examinee.py)
DEADLINE_SECONDS = 4.0  # between two questions of an exam's page for its deadline (static/js/exam.js)
CHECK_COMMITS = DRAFT_COMMITS = 1.0
RUN_COMMITS = 4.0  # a run is stored, taken by a worker, finished, and its session noted
GIGABYTE = 1e9
MANY = 10_000_000


@dataclass(frozen=True)
class Traffic:
    """Requests and lab runs per second in the busiest hour, and those of the exam's busiest second besides."""

    pages: float
    checks: float
    drafts: float
    sign_ins: float
    runs: float
    exam_requests: float
    exam_commits: float

    @property
    def requests(self) -> float:
        return self.pages + self.checks + self.drafts + self.sign_ins + self.runs + self.exam_requests


@dataclass(frozen=True)
class Demand:
    """What a number of learners needs at the busiest moment."""

    learners: int
    traffic: Traffic
    busy_cores: float
    cores: int
    exam_starters: int
    web_wait: float
    web_late_share: float
    statements: float
    commits: float
    connections: int
    database_bytes: float
    redis_operations: float
    redis_bytes: float
    sessions: float
    run_cores: float
    runner_bytes: float
    class_at_once: int
    hosts_used: float
    runner_hosts: int
    run_slots: int
    class_wait: float
    regrade_seconds: float


def demand_of(learners: int, inputs: Inputs) -> Demand:
    """Return what this many learners need."""
    traffic = traffic_of(learners, inputs)
    busy = busy_cores(traffic, inputs)
    cores = servers_for(
        rate=traffic.requests,
        service=busy / traffic.requests,
        most_busy=inputs.most_busy,
        longest_wait=inputs.longest_wait_seconds,
    )
    web = Cores(rate=traffic.requests, service=busy / traffic.requests, servers=cores)
    sessions, run_cores = lab_sessions(learners, inputs), traffic.runs * inputs.run_cpu_seconds
    together = class_at_once(learners, inputs)
    used = hosts_used(sessions, run_cores, inputs)
    hosts = runner_hosts(used, together, inputs)
    slots = hosts * int(inputs.host_runs)
    return Demand(
        learners=learners,
        traffic=traffic,
        busy_cores=busy,
        cores=cores,
        exam_starters=exam_starters(learners, inputs),
        web_wait=web.mean_wait,
        web_late_share=web.share_later_than(inputs.longest_wait_seconds),
        statements=statements(traffic, inputs),
        commits=commits(traffic),
        connections=math.ceil(cores * inputs.threads_per_process),
        database_bytes=learners * inputs.learner_bytes,
        redis_operations=traffic.runs * inputs.redis_operations_per_run,
        redis_bytes=traffic.runs * 3600 * inputs.run_kilobytes * 1000,
        sessions=sessions,
        run_cores=run_cores,
        runner_bytes=(hosts * inputs.runner_mb + sessions * inputs.session_mb) * 1e6,
        class_at_once=together,
        hosts_used=used,
        runner_hosts=hosts,
        run_slots=slots,
        class_wait=waves_mean_wait(together, slots, inputs.run_cpu_seconds),
        regrade_seconds=learners * inputs.regrade_ms_per_score / 1000,
    )


def traffic_of(learners: int, inputs: Inputs) -> Traffic:
    """Return the requests per second at the busiest moment."""
    # learners who work at the same time, in the busiest hour
    working = learners * inputs.active_share * inputs.active_hours / 24 * inputs.peak_factor
    sitting = exam_starters(learners, inputs)
    saves = sitting / inputs.exam_save_seconds
    starts = sitting / MINUTE
    return Traffic(
        pages=working * inputs.pages_per_hour / 3600,
        checks=working * inputs.checks_per_hour / 3600,
        drafts=working * inputs.drafts_per_hour / 3600,
        sign_ins=learners * inputs.active_share * inputs.sign_ins_per_day / DAY * inputs.peak_factor,
        runs=session_starts(learners, inputs) * inputs.runs_per_session,
        exam_requests=starts * EXAM_START_REQUESTS + 2 * saves + sitting / DEADLINE_SECONDS,
        exam_commits=starts + 2 * saves,
    )


def exam_minute_rates(traffic: Traffic, starters: int) -> list[float]:
    """Return the requests per second in each second of the minute in which an exam starts: more and more learners sit."""
    starts = starters / MINUTE * EXAM_START_REQUESTS
    others, sitting = traffic.requests - traffic.exam_requests, traffic.exam_requests - starts
    return [others + starts + sitting * (second + 0.5) / MINUTE for second in range(int(MINUTE))]


def exam_starters(learners: int, inputs: Inputs) -> int:
    """Return how many learners press Start in the same minute, at least one."""
    return max(1, round(learners * inputs.exam_share))


def session_starts(learners: int, inputs: Inputs) -> float:
    """Return how many lab sessions begin per second in the busiest hour."""
    return learners * inputs.lab_sessions_per_week / WEEK * inputs.peak_factor


def lab_sessions(learners: int, inputs: Inputs) -> float:
    """Return how many lab sessions are open at the same time in the busiest hour, by Little's law."""
    return session_starts(learners, inputs) * inputs.session_minutes * MINUTE


def class_at_once(learners: int, inputs: Inputs) -> int:
    """Return how many learners press Run in the same moment: one class, or several of them."""
    return round(max(min(learners, inputs.class_size), learners * inputs.together_share))


def busy_cores(traffic: Traffic, inputs: Inputs) -> float:
    """Return the cores that the web processes and PostgreSQL keep busy. A click on Run is taken for a draft."""
    milliseconds = (
        traffic.pages * inputs.page_cpu_ms
        + traffic.checks * inputs.check_cpu_ms
        + (traffic.drafts + traffic.runs) * inputs.draft_cpu_ms
        + traffic.sign_ins * inputs.sign_in_cpu_ms
        + traffic.exam_requests * inputs.exam_request_cpu_ms
    )
    return milliseconds / 1000


def statements(traffic: Traffic, inputs: Inputs) -> float:
    """Return the SQL statements per second. Each other request is taken for a page."""
    others = traffic.pages + traffic.sign_ins + traffic.exam_requests - traffic.exam_commits
    drafts = traffic.drafts + traffic.exam_commits + RUN_COMMITS * traffic.runs
    return others * inputs.page_statements + traffic.checks * inputs.check_statements + drafts * inputs.draft_statements


def commits(traffic: Traffic) -> float:
    """Return the transactions per second that write."""
    return (
        traffic.checks * CHECK_COMMITS
        + traffic.drafts * DRAFT_COMMITS
        + traffic.sign_ins
        + traffic.runs * RUN_COMMITS
        + traffic.exam_commits
    )


def runner_hosts(hosts_for_sessions: float, together: int, inputs: Inputs) -> int:
    """Return the runner hosts that suffice for the sessions, and for a class that presses Run at once."""
    hosts = max(1, math.ceil(hosts_for_sessions))
    while (
        waves_mean_wait(together, hosts * int(inputs.host_runs), inputs.run_cpu_seconds)
        > inputs.longest_run_wait_seconds
    ):
        hosts += 1
    return hosts


def hosts_used(sessions: float, run_cores: float, inputs: Inputs) -> float:
    """Return how many runner hosts the sessions fill: their memory, their places, or their processors."""
    return max(
        sessions * inputs.session_mb / (inputs.host_gigabytes * 1000 - inputs.runner_mb),
        sessions / inputs.host_sessions,
        run_cores / (inputs.host_cores * inputs.most_busy),
    )


@dataclass(frozen=True)
class PartUse:
    """What is asked of one part, beside the most that one such part can do."""

    part: str
    asked: float
    most: float

    @property
    def share(self) -> float:
        return self.asked / self.most

    @property
    def breaks(self) -> bool:
        return self.share > 1


def uses_of(demand: Demand, inputs: Inputs) -> list[PartUse]:
    """Return how much of each single part is used, the part that breaks first at the top."""
    busy = inputs.most_busy
    uses = [
        PartUse("web host", demand.busy_cores, inputs.host_cores * busy),
        PartUse("PostgreSQL connections", demand.connections, inputs.postgresql_connections),
        PartUse("PostgreSQL commits", demand.commits, inputs.postgresql_commits * busy),
        PartUse("PostgreSQL statements", demand.statements, inputs.postgresql_statements * busy),
        PartUse("PostgreSQL disk", demand.database_bytes, inputs.postgresql_gigabytes * GIGABYTE),
        PartUse("Redis operations", demand.redis_operations, inputs.redis_operations * busy),
        PartUse("Redis memory", demand.redis_bytes, inputs.redis_gigabytes * GIGABYTE),
        PartUse("runner host", demand.hosts_used, 1),
        PartUse("class that presses Run", demand.class_at_once, class_on_one_host(inputs)),
        PartUse("regrade of one course", demand.regrade_seconds, inputs.regrade_seconds),
    ]
    return sorted(uses, key=lambda use: -use.share)


def breaking_points(inputs: Inputs) -> dict[str, int | None]:
    """Return for each part the learners at which a single one no longer suffices, the first at the top; None if ten million
    are not enough to break it.
    """
    parts = {use.part for use in uses_of(demand_of(1, inputs), inputs)}
    points = {part: breaking_point(part, inputs) for part in sorted(parts)}
    return dict(sorted(points.items(), key=lambda item: item[1] or MANY))


def breaking_point(part: str, inputs: Inputs) -> int | None:
    """Return the fewest learners at which one such part no longer suffices, by bisection."""
    enough, too_many = 1, MANY
    if not does_break(part, too_many, inputs):
        return None
    while too_many - enough > 1:
        middle = (enough + too_many) // 2
        if does_break(part, middle, inputs):
            too_many = middle
        else:
            enough = middle
    return too_many


def does_break(part: str, learners: int, inputs: Inputs) -> bool:
    return any(use.part == part and use.breaks for use in uses_of(demand_of(learners, inputs), inputs))


def class_on_one_host(inputs: Inputs) -> int:
    """Return the largest class whose mean wait on one runner host is short enough."""
    slots = int(inputs.host_runs)
    size = slots
    while waves_mean_wait(size + 1, slots, inputs.run_cpu_seconds) <= inputs.longest_run_wait_seconds:
        size += 1
    return size
