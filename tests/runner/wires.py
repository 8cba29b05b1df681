"""What a hostile process writes to the supervisor, below the kernel: a learner's program that forges messages."""

FORGE = """
import json, os, struct
NOTE, STREAM = "application/vnd.finalcheck.note+json", "application/vnd.finalcheck.stream+json"
def forge(kind, parts=(), facts={}):
    head = json.dumps({**facts, "kind": kind, "parts": [[name, len(value)] for name, value in parts]}).encode()
    body = struct.pack(">H", len(head)) + head + b"".join(value for _, value in parts)
    return struct.pack(">I", len(body)) + body
def say(data):
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(3, rest):]
"""
# A process may have any bytes as its name. These are not UTF-8, and Python takes them as the end of a line.
NAME_THAT_IS_NO_TEXT = r'import ctypes; ctypes.CDLL(None).prctl(15, b"\xff\rname")'
SURROGATE_NAME = FORGE + r'say(forge("frame", [("application/vnd.finalcheck.\ud800+json", b"{}")]))'
