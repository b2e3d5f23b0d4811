"""Says before anything starts that a port is taken, and which setting chooses another."""

import errno
from collections.abc import Mapping

from local_stack.addresses import Address, SettingError
from local_stack.ports import try_to_listen


def require_free_ports(ports: Mapping[str, Address]) -> None:
    """
    Args:
        ports: where something will listen, by the name of the setting.

    Raises:
        SettingError: names the first setting whose port cannot be had.
    """
    setting_of: dict[int, str] = {}
    for name, address in ports.items():
        if address.port in setting_of:
            raise SettingError(
                f"{name} and {setting_of[address.port]} are both {address.port}:"
                " set one of them to another port."
            )
        setting_of[address.port] = name
        try:
            try_to_listen(address.host, address.port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                message = f"Port {address.port} is taken: set {name} to another one."
            else:
                message = f"{name}: nothing can listen on {address}: {error.strerror}."
            raise SettingError(message) from error
