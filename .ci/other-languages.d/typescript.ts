// Runs the client that OpenAPI Generator generates for TypeScript (fetch).
import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Configuration, CustomerApi, RegisterAccountRequest, RegisterAccountRequestFromJSON } from "./index";

const [url, body] = process.argv.slice(2);
const api = new CustomerApi(new Configuration({ basePath: url, apiKey: "DEV_0123456789abcdefghijABCDEFGH" }));

async function register(): Promise<RegisterAccountRequest> {
  const registerAccountRequest = RegisterAccountRequestFromJSON(JSON.parse(readFileSync(body, "utf8")));
  equal((await api.postApiV1CustomerRegisterAccount({ registerAccountRequest })).success, true);
  const again = await api.postApiV1CustomerRegisterAccount({ registerAccountRequest });
  deepEqual([again.success, again.errorCode], [false, "E004"]);
  return registerAccountRequest;
}

async function verifyAndSignIn(email: string, password: string): Promise<void> {
  const emails = await (await fetch(`${url}/sandbox/emails?to=${email}`)).json();
  const token: string = emails.at(-1).token;
  const verified = await api.postApiV1CustomerRegisterAccountVerify({ registerAccountVerifyRequest: { token } });
  deepEqual([verified.success, verified.email], [true, email]);
  const loginRequest = { email, password, customerRealIp: "1.1.1.1" };
  const identityId = (await api.postApiV1CustomerLogin({ loginRequest })).identityId!;
  const info = await api.getApiV1CustomerGetAccountInfo({ identityId, customerRealIp: "1.1.1.1" });
  deepEqual([info.loggedIn, info.email], [true, email]);
  equal((await api.postApiV1CustomerLogout({ logoutRequest: { identityId } })).success, true);
  equal((await api.getApiV1CustomerGetAccountInfo({ identityId })).loggedIn, false);
}

async function main(): Promise<void> {
  const customer = await register();
  console.log("registered");
  await verifyAndSignIn(customer.email, customer.password);
  console.log("signed in and out");
}

main();
