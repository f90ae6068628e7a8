"""Reads the mailbox of the test over HTTP."""

import json
import re
import time
import urllib.request


class Mailbox:
    def __init__(self, url):
        self.url = url
        self.known = set()

    def code(self, recipient):
        """Returns the newest six-digit code for a recipient that was not returned before; waits up to 20 s."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with urllib.request.urlopen(self.url) as answer:
                mails = [mail for mail in json.load(answer) if mail["to"] == recipient]
            for mail in reversed(mails):
                found = re.search(r"\b\d{6}\b", mail["text"])
                if found and found.group() not in self.known:
                    self.known.add(found.group())
                    return found.group()
            time.sleep(0.05)
        raise AssertionError(f"no code was mailed to {recipient}")
