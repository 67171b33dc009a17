"""Runs the client that openapi-python-client generates."""

import json
import sys
import urllib.request

from biz_kit_hub_client import Client
from biz_kit_hub_client.api.customer import (
    get_api_v1_customer_get_account_info as get_account_info,
    post_api_v1_customer_login as login,
    post_api_v1_customer_logout as logout,
    post_api_v1_customer_register_account as register_account,
    post_api_v1_customer_register_account_verify as register_account_verify,
)
from biz_kit_hub_client.models import (
    LoginRequest, LogoutRequest, RegisterAccountRequest, RegisterAccountVerifyRequest,
)

url, body = sys.argv[1:]
# The generated client sends an API key only in a header, so the key is a parameter of every request here.
client = Client(base_url=url, httpx_args={"params": {"apiKey": "DEV_0123456789abcdefghijABCDEFGH"}})


def register():
    with open(body) as file:
        request = RegisterAccountRequest.from_dict(json.load(file))
    assert register_account.sync(client=client, body=request).success
    again = register_account.sync(client=client, body=request)
    assert (again.success, again.error_code.value) == (False, "E004"), again
    return request


def verify_and_sign_in(email, password):
    with urllib.request.urlopen(f"{url}/sandbox/emails?to={email}") as emails:
        token = json.load(emails)[-1]["token"]
    verified = register_account_verify.sync(client=client, body=RegisterAccountVerifyRequest(token=token))
    assert (verified.success, verified.email) == (True, email), verified
    request = LoginRequest(email=email, password=password, customer_real_ip="1.1.1.1")
    identity = login.sync(client=client, body=request).identity_id
    info = get_account_info.sync(client=client, identity_id=identity, customer_real_ip="1.1.1.1")
    assert (info.logged_in, info.email) == (True, email), info
    assert logout.sync(client=client, body=LogoutRequest(identity_id=identity)).success
    assert not get_account_info.sync(client=client, identity_id=identity).logged_in


customer = register()
print("registered")
verify_and_sign_in(customer.email, customer.password)
print("signed in and out")
