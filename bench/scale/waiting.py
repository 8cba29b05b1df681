"""How long requests wait: formulas of queueing theory. Service times are exponential, which is more scattered than ours."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Cores:
    """Requests that arrive independently, `rate` per second, at `servers` cores, each of which needs `service` seconds
    for one on average (M/M/c).
    """

    rate: float
    service: float
    servers: int

    @property
    def offered(self) -> float:
        """Return the cores that are busy on average."""
        return self.rate * self.service

    @property
    def utilization(self) -> float:
        return self.offered / self.servers

    @property
    def waiting_share(self) -> float:
        """Return the share of requests that wait at all (Erlang C); 1 if there are more requests than the cores can do."""
        if self.utilization >= 1:
            return 1.0
        blocked = 1.0  # Erlang B, by its recursion
        for servers in range(1, self.servers + 1):
            blocked = self.offered * blocked / (servers + self.offered * blocked)
        return blocked / (1 - self.utilization * (1 - blocked))

    @property
    def mean_wait(self) -> float:
        """Return the mean wait in seconds; infinite if there are more requests than the cores can do."""
        if self.utilization >= 1:
            return math.inf
        return self.waiting_share * self.service / (self.servers - self.offered)

    def share_later_than(self, seconds: float) -> float:
        """Return the share of requests that wait longer than this."""
        if self.utilization >= 1:
            return 1.0
        return self.waiting_share * math.exp(-(self.servers - self.offered) / self.service * seconds)


def servers_for(*, rate: float, service: float, most_busy: float, longest_wait: float) -> int:
    """Return the fewest cores that are at most so busy, with at most 1 % of the requests waiting longer."""
    servers = max(1, math.ceil(rate * service / most_busy))
    while Cores(rate, service, servers).share_later_than(longest_wait) > 0.01:
        servers += 1
    return servers


def ramp_mean_wait(rates: list[float], service: float, servers: int) -> float:
    """Return the mean wait of all requests of a period whose rate changes slowly: each moment as if it lasted."""
    waits = [rate * Cores(rate, service, servers).mean_wait for rate in rates]
    return sum(waits) / sum(rates)


def waves_mean_wait(runs: int, slots: int, service: float) -> float:
    """Return the mean wait of runs that all arrive at once: run number i > slots waits for i - slots of them to end."""
    late = max(0, runs - slots)
    return late * (late + 1) / 2 * service / slots / max(1, runs)


def waves_end(runs: int, slots: int, service: float) -> float:
    """Return when the last of these runs ends, on average."""
    together = min(runs, slots)
    return service * (max(0, runs - slots) / slots + sum(1 / left for left in range(1, together + 1)))
