"""The check that stands in for Schemathesis's own `ignored_auth`, which cannot apply here: that one wants a 401 or 403
for a missing or wrong key, and takes no other status, but BizKitHub documents a 404 for them."""

import requests
import schemathesis


@schemathesis.check
def a_missing_or_wrong_key_is_a_404(ctx, response, case):
    if response.status_code != 200:
        return
    url = response.request.url.split("?")[0]
    headers = {"content-type": "application/json"}
    for params, code in [({}, "PUBLIC_API_KEY_IS_EMPTY"), ({"apiKey": "wrong"}, "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT")]:
        refused = requests.post(url, params=params, data=response.request.body, headers=headers, timeout=10)
        answer = (refused.status_code, refused.json()["error"]["code"])
        assert answer == (404, code), f"{params}: {answer}"
