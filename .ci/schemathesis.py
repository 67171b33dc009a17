"""Supplies what a generator cannot know: tokens that work, and the platform's response to an invalid key."""

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


def newest_token(kind, email):
    emails = requests.get(f"{SANDBOX}/sandbox/emails", params={"to": email}, timeout=10).json()
    return [email["token"] for email in emails if email["kind"] == kind][-1]


def fields_of_a_success(endpoint):
    email = f"customer{chance.randrange(10**9)}@example.com"
    call("register-account", email=email, password=PASSWORD)
    token = newest_token("verify-account", email)
    if endpoint == "register-account-verify":
        return {"token": token}
    call("register-account-verify", token=token)
    if endpoint == "login":
        return {"email": email, "password": PASSWORD}
    call("reset-password", email=email)
    return {"token": newest_token("reset-password", email)}


@schemathesis.hook
def before_call(ctx, case, kwargs):
    # An invalid case stays as it is: a valid token would make it valid.
    if case.meta is not None and case.meta.generation.mode.is_negative:
        return
    endpoint = case.operation.path.rsplit("/", 1)[-1]
    if endpoint in ("register-account-verify", "login", "set-new-password") and chance.random() < 0.25:
        fields = fields_of_a_success(endpoint)
        if isinstance(case.body, dict) and all(isinstance(case.body.get(name), str) for name in fields):
            case.body.update(fields)


@schemathesis.check
def a_missing_or_invalid_key_is_a_404(ctx, response, case):
    """Replaces the check `ignored_auth`, which accepts only a 401 or 403. BizKitHub documents a 404."""
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
        rejected = requests.request(
            request.method, url, params=others + key, data=request.body, headers=headers, timeout=10
        )
        status_and_code = (rejected.status_code, rejected.json()["error"]["code"])
        assert status_and_code == (404, code), f"{key}: {status_and_code}"
