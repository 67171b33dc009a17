"""What the description does not tell Schemathesis: whose token works, what an address and a time look like, and what a bad
key gets."""

import ipaddress
import os
import random
import urllib.parse

import requests
import schemathesis

SANDBOX = os.environ["SANDBOX_URL"]
KEY = "DEV_0123456789abcdefghijABCDEFGH"
PASSWORD = "example_password"
chance = random.Random(1)


def call(endpoint, **body):
    url = f"{SANDBOX}/api/v1/customer/{endpoint}"
    assert requests.post(url, params={"apiKey": KEY}, json=body, timeout=10).json()["success"]


def mailed(kind, email):
    mails = requests.get(f"{SANDBOX}/sandbox/mails", params={"to": email}, timeout=10).json()
    return [mail["token"] for mail in mails if mail["kind"] == kind][-1]


def what_succeeds(endpoint):
    """Fields for a request that succeeds: nobody guesses a token."""
    email = f"shopper{chance.randrange(10**9)}@example.com"
    call("register-account", email=email, password=PASSWORD)
    token = mailed("verify-account", email)
    if endpoint == "register-account-verify":
        return {"token": token}
    call("register-account-verify", token=token)
    if endpoint == "login":
        return {"email": email, "password": PASSWORD}
    call("reset-password", email=email)
    return {"token": mailed("reset-password", email)}


@schemathesis.hook
def before_call(ctx, case, kwargs):
    fields = case.body if case.method == "POST" else case.query
    if not isinstance(fields, dict):
        return
    # The description has them as plain strings, which other generators need; BizKitHub takes just these.
    address = fields.get("customerRealIp")
    if isinstance(address, str):
        try:
            ipaddress.ip_address(address)
        except ValueError:
            fields["customerRealIp"] = "1.1.1.1"
    if isinstance(fields.get("expirationTime"), str):
        fields["expirationTime"] = "3h 20m"

    # A case that is to be refused stays as it is: with a token that works in place of its empty one, it was accepted.
    if case.meta is not None and case.meta.generation.mode.is_negative:
        return
    endpoint = case.operation.path.rsplit("/", 1)[-1]
    if endpoint in ("register-account-verify", "login", "set-new-password") and chance.random() < 0.25:
        succeeding = what_succeeds(endpoint)
        if all(isinstance(fields.get(name), str) for name in succeeding):
            fields.update(succeeding)


@schemathesis.check
def a_missing_or_wrong_key_is_a_404(ctx, response, case):
    """Stands in for `ignored_auth`, which wants a 401 or 403 for a missing or wrong key and takes no other status. BizKitHub
    documents a 404."""
    if response.status_code != 200:
        return
    request = response.request
    url, _, query = request.url.partition("?")
    others = [pair for pair in urllib.parse.parse_qsl(query, keep_blank_values=True) if pair[0] != "apiKey"]
    headers = {"content-type": "application/json"}
    for key, code in [
        ([], "PUBLIC_API_KEY_IS_EMPTY"),
        ([("apiKey", "wrong")], "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT"),
    ]:
        refused = requests.request(
            request.method, url, params=others + key, data=request.body, headers=headers, timeout=10
        )
        answer = (refused.status_code, refused.json()["error"]["code"])
        assert answer == (404, code), f"{key}: {answer}"
