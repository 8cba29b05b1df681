"""A client that knows api.md and nothing else: the standard library, a token, and the words of the contract."""

import json
import time
import urllib.error
import urllib.request
from typing import Any


class Program:
    def __init__(self, address: str) -> None:
        self.address = address
        self.token = ""

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one call; told to wait, it waits, as the contract's clients do."""
        while True:
            status, answer, headers = self.send(method, path, body)
            if status != 429:
                return status, answer
            time.sleep(int(headers["Retry-After"]))  # the server said how long

    def send(self, method: str, path: str, body: Any) -> tuple[int, Any, Any]:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Token {self.token}"} if self.token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null"), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read()), error.headers

    def sign_in(self, username: str, password: str) -> None:
        status, body = self.call("POST", "/tokens/", {"username": username, "password": password})
        assert status == 201, body
        self.token = body["token"]

    def some_response(self, question: dict[str, Any], variant: int = 0) -> Any:
        """A well-formed response to any question, right or not."""
        options = question["options"]
        match question["type"]:
            case "true_false":
                return variant == 0
            case "single_choice":
                return options[variant]["id"]
            case "multiple_choice":
                return [options[variant]["id"]]
            case "numeric":
                return str(variant)
            case "text":
                return f"word {variant}"
            case "matching":
                right = [option["id"] for option in options["right"]]
                return {row["id"]: right[variant] for row in options["left"]}
            case "ordering":
                ids = [option["id"] for option in options]
                return ids[variant:] + ids[:variant]
            case _:
                return [variant]
