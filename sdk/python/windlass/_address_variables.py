"""Variables for IP addresses and networks. Their values are netaddr's, which is loaded when the
first one arrives.
"""

from __future__ import annotations

from windlass._variables import ScriptVariable, check_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Unpack

    from windlass._uploads import UploadedFile
    from windlass._variables import Common


class AddressVar(ScriptVariable):
    """What the variables of this file have in common."""

    _kind = "IPNetwork"  # the class of netaddr

    def _serialised_default(self) -> Any:
        return None if self.default is None else str(self.default)

    def _arrive(self, value: Any, files: list[UploadedFile]) -> Any:
        if value is None:
            return None
        import netaddr  # type: ignore[import-untyped]

        return getattr(netaddr, self._kind)(value)


class IPAddressVar(AddressVar):
    """An IPv4 or IPv6 address without mask, as netaddr.IPAddress; None when optional and left out.

    >>> class Ping(Job):
    ...     host = IPAddressVar(default="192.0.2.1")
    ...     def run(self, *, host): self.logger.info("Pinging %s, version %d", host, host.version)
    """

    _kind = "IPAddress"


class IPAddressWithMaskVar(AddressVar):
    """An address with its mask, such as 192.0.2.1/24, as netaddr.IPNetwork; None when optional and
    left out.

    >>> class Assign(Job):
    ...     address = IPAddressWithMaskVar()
    ...     def run(self, *, address): self.logger.info("%s in %s", address.ip, address.cidr)
    """


class IPNetworkVar(AddressVar):
    """A network, such as 192.0.2.0/24, as netaddr.IPNetwork; None when optional and left out.

    `min_prefix_length`, `max_prefix_length`: bounds in bits, both included. Raises TypeError for an
    option of the wrong type.

    >>> class Scan(Job):
    ...     network = IPNetworkVar(min_prefix_length=24)
    ...     def run(self, *, network): return [str(host) for host in network.iter_hosts()]
    """

    _members = ("min_prefix_length", "max_prefix_length")

    def __init__(
        self,
        min_prefix_length: int | None = None,
        max_prefix_length: int | None = None,
        *common: Any,
        **options: Unpack[Common],
    ) -> None:
        super().__init__(*common, **options)
        check_option(self, "min_prefix_length", min_prefix_length, int, optional=True)
        check_option(self, "max_prefix_length", max_prefix_length, int, optional=True)
        self.min_prefix_length = min_prefix_length
        self.max_prefix_length = max_prefix_length
