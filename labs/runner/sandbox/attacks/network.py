"""Attacks that reach a network or a socket, or reach the kernel through a socket."""


def connect_to_a_port(canaries):
    import socket

    return str(socket.create_connection(("127.0.0.1", canaries["port"]), timeout=2))


def listen_on_a_port(canaries):
    import socket

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return str(listener.getsockname())


def send_a_datagram(canaries):
    import socket

    return str(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"out", ("127.0.0.1", canaries["port"])))


def connect_to_a_named_socket(canaries):
    import socket

    socket.socket(socket.AF_UNIX).connect(canaries["named"])
    return "connected"


def connect_to_an_abstract_socket(canaries):
    import socket

    socket.socket(socket.AF_UNIX).connect("\0" + canaries["abstract"])
    return "connected"


def make_a_datagram_pair(canaries):
    import socket

    return str(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))


def talk_to_the_kernel_by_netlink(canaries):
    import socket

    return str(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))


def open_a_virtual_machine_socket(canaries):
    import socket

    return str(socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
