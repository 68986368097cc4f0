"""What the repository's jobs share."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network = IPv4Network | IPv6Network


def read(lines: str) -> list[Network]:
    """The networks of a text, one a line. Raises ValueError for what is none."""
    return [ip_network(line.strip()) for line in lines.splitlines() if line.strip()]


def overlaps(networks: list[Network]) -> list[tuple[Network, Network]]:
    """The pairs that have addresses in common."""
    return [pair for pair in combinations(networks, 2) if pair[0].overlaps(pair[1])]
