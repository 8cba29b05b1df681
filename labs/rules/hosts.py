"""Names of runner hosts."""

import re

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")  # it becomes a DNS name in the host's certificate


def is_host_name(text: str) -> bool:
    return HOST_NAME.fullmatch(text) is not None
