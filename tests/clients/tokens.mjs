// Runs npm openid-client against every token endpoint there is: it is strict about the standard, and encodes each sign of a
// secret that it shows in the header.
//
//     tokens.mjs SYSTEMS      all addresses as `waybill standins` prints them

import { capability, finish, must, require } from "./capabilities.mjs";

const client = require("openid-client");
const systems = JSON.parse(process.argv[2]);
const { workflow, xecm, canto, xconnector } = systems;
const plain = { execute: [client.allowInsecureRequests] };

const endpoints = {
  workflow: [workflow.token_url, workflow.client_id, workflow.client_secret],
  xecm: [`${xecm.directory_url}/oauth2/token`, xecm.client_id, xecm.client_secret],
  xconnector: [xconnector.token_url, xconnector.client_id, xconnector.client_secret],
  canto: [canto.oauth_token_url.replace("oauth2/token", "oauth2/compatible/token"), canto.app_id, canto.app_secret],
};
const ways = { header: client.ClientSecretBasic, form: client.ClientSecretPost };

for (const [way, authentication] of Object.entries(ways)) {
  for (const name of Object.keys(endpoints)) {
    await capability(`${name}: client credentials in the ${way}`, async () => {
      const [token_endpoint, id, secret] = endpoints[name];
      const configuration = new client.Configuration({ issuer: "http://issuer.example", token_endpoint }, id, secret, authentication(secret));
      client.allowInsecureRequests(configuration);
      const token = await client.clientCredentialsGrant(configuration, {});
      must(token.token_type === "bearer" && token.access_token, JSON.stringify(token));
    });
  }
}

await capability("workflow: discovery, code with PKCE, checked id_token, userinfo, refresh", async () => {
  const configuration = await client.discovery(new URL(workflow.issuer), workflow.public_client_id, undefined, client.None(), plain);
  const [verifier, nonce, state] = [client.randomPKCECodeVerifier(), client.randomNonce(), client.randomState()];
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: "http://127.0.0.1:48123/callback",
    scope: "openid otds:groups",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce,
    state,
  });
  const person = workflow.users[0];
  const body = new URLSearchParams({ ...Object.fromEntries(address.searchParams), person });
  const answer = await fetch(`${workflow.issuer}/oauth2/auth/sign-in`, { method: "POST", redirect: "manual", body });
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true };
  const token = await client.authorizationCodeGrant(configuration, new URL(answer.headers.get("location")), checks);
  const claims = token.claims();
  must(claims.preferred_username === person, JSON.stringify(claims));
  const told = await client.fetchUserInfo(configuration, token.access_token, claims.sub);
  must(told.preferred_username === person, JSON.stringify(told));
  const fresh = await client.refreshTokenGrant(configuration, token.refresh_token);
  must(fresh.access_token !== token.access_token, "the same token");
});

finish();
