"""Runs the client that OpenAPI Generator generates for Python."""

import json
import sys
import urllib.request

from openapi_client import (
    ApiClient, Configuration, CustomerApi, LoginRequest, LogoutRequest, RegisterAccountRequest, RegisterAccountVerifyRequest,
)

url, body = sys.argv[1:]
configuration = Configuration(host=url, api_key={"apiKey": "DEV_0123456789abcdefghijABCDEFGH"})
api = CustomerApi(ApiClient(configuration))


def register():
    with open(body) as file:
        request = RegisterAccountRequest.from_json(file.read())
    assert api.post_api_v1_customer_register_account(request).success
    again = api.post_api_v1_customer_register_account(request)
    assert (again.success, again.error_code) == (False, "E004"), again
    return request


def verify_and_sign_in(email, password):
    with urllib.request.urlopen(f"{url}/sandbox/emails?to={email}") as emails:
        token = json.load(emails)[-1]["token"]
    verified = api.post_api_v1_customer_register_account_verify(RegisterAccountVerifyRequest(token=token))
    assert (verified.success, verified.email) == (True, email), verified
    login = api.post_api_v1_customer_login(LoginRequest(email=email, password=password, customer_real_ip="1.1.1.1"))
    assert login.success, login
    info = api.get_api_v1_customer_get_account_info(login.identity_id, customer_real_ip="1.1.1.1")
    assert (info.logged_in, info.email) == (True, email), info
    assert api.post_api_v1_customer_logout(LogoutRequest(identity_id=login.identity_id)).success
    assert not api.get_api_v1_customer_get_account_info(login.identity_id).logged_in


customer = register()
print("registered")
verify_and_sign_in(customer.email, customer.password)
print("signed in and out")
