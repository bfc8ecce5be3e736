// Runs npm oidc-client-ts against the workflow stand-in: discovery, the sign-in's address, the code, the checked id_token.
//
//     workflow.mjs BASE_URL TENANT CLIENT_ID CLIENT_SECRET PUBLIC_CLIENT_ID USER PASSWORD
//
// Looks for the package from the folder where it is started.

import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
const require = createRequire(`${process.cwd()}/`);
const { OidcClient, WebStorageStateStore, InMemoryWebStorage } = require("oidc-client-ts");

const [base, tenant, , , publicClient, user] = process.argv.slice(2);
const authority = `${base}/tenants/${tenant}`;
const counts = { passed: 0, failed: 0, skipped: 0 };

async function check(name, test) {
  try {
    await test();
    counts.passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAIL ${name}: ${error?.message ?? error}`);
  }
}

function must(fact, what) {
  if (!fact) throw new Error(what);
}

const store = new WebStorageStateStore({ store: new InMemoryWebStorage() });
const client = new OidcClient({
  authority,
  client_id: publicClient,
  redirect_uri: "http://localhost:3000",
  post_logout_redirect_uri: "http://localhost:3000",
  response_type: "code",
  scope: "openid otds:groups",
  loadUserInfo: true,
  stateStore: store,
});
const kept = {};

await check("discovery is read", async () => {
  const metadata = await client.metadataService.getMetadata();
  must(metadata.issuer === authority, metadata.issuer);
  must((await client.metadataService.getSigningKeys()).length === 1, "no signing key");
});

await check("the sign-in's address asks for a code with S256", async () => {
  kept.request = await client.createSigninRequest({ nonce: "n-0S6", state: { back: "/tasks" } });
  const address = new URL(kept.request.url);
  must(address.pathname === `/tenants/${tenant}/oauth2/auth`, address.pathname);
  must(address.searchParams.get("code_challenge_method") === "S256", "no S256");
});

await check("the page lets somebody pick who they are, and leads back with a code", async () => {
  const page = await fetch(kept.request.url);
  must((await page.text()).includes(user), "the person is not on the page");
  const body = new URLSearchParams(new URL(kept.request.url).search);
  body.set("person", user);
  const answer = await fetch(`${authority}/oauth2/auth/sign-in`, { method: "POST", body, redirect: "manual" });
  must(answer.status === 302, `status ${answer.status}`);
  kept.back = answer.headers.get("location");
});

await check("the code is exchanged, and the id_token's claims pass the client's checks", async () => {
  kept.signin = await client.processSigninResponse(kept.back);
  must(kept.signin.profile.preferred_username === user, JSON.stringify(kept.signin.profile));
  must(kept.signin.profile.grp.every((group) => group.includes("@")), "no groups");
  must(kept.signin.userState.back === "/tasks", "the state is lost");
});

await check("the id_token's signature fits the published key", async () => {
  const [key] = await client.metadataService.getSigningKeys();
  const usages = [{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["verify"]];
  const imported = await crypto.subtle.importKey("jwk", key, ...usages);
  const [header, payload, signature] = kept.signin.id_token.split(".");
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const fits = await crypto.subtle.verify(usages[0], imported, Buffer.from(signature, "base64url"), signed);
  must(fits, "it does not fit");
  must(JSON.parse(Buffer.from(payload, "base64url")).nonce === "n-0S6", "another nonce");
});

await check("the access token opens the service", async () => {
  const headers = { Authorization: `Bearer ${kept.signin.access_token}` };
  const answer = await fetch(`${base}/workflow/v1/tasks?candidateOrAssigned=${encodeURIComponent(user)}`, { headers });
  must(answer.status === 200, `status ${answer.status}`);
  must((await answer.json()).page.totalElements >= 1, "an empty inbox");
});

await check("a hint of who signs in needs no page", async () => {
  const request = await client.createSigninRequest({ login_hint: user });
  const answer = await fetch(request.url, { redirect: "manual" });
  must(answer.status === 302, `status ${answer.status}`);
  const signin = await client.processSigninResponse(answer.headers.get("location"));
  must(signin.profile.preferred_username === user, "somebody else");
});

await check("a refresh gives new tokens", async () => {
  const { refresh_token, id_token, session_state, scope, profile } = kept.signin;
  const state = { refresh_token, id_token, session_state, scope, profile };
  const renewed = await client.useRefreshToken({ state });
  must(renewed.refresh_token && renewed.refresh_token !== refresh_token, "the refresh token did not change");
  must(renewed.access_token !== kept.signin.access_token, "the access token did not change");
  kept.signin = renewed;
});

await check("an error comes back as one", async () => {
  const request = await client.createSigninRequest({ prompt: "none" });
  const answer = await fetch(request.url, { redirect: "manual" });
  const failed = await client.processSigninResponse(answer.headers.get("location")).then(() => null, (error) => error);
  must(failed?.error === "login_required", String(failed));
});

await check("sign-out leads back and ends the tokens", async () => {
  const request = await client.createSignoutRequest({ id_token_hint: kept.signin.id_token, state: { bye: 1 } });
  const answer = await fetch(request.url, { redirect: "manual" });
  must(answer.status === 302, `status ${answer.status}`);
  await client.processSignoutResponse(answer.headers.get("location"));
  const headers = { Authorization: `Bearer ${kept.signin.access_token}` };
  must((await fetch(`${base}/workflow/v1/tasks`, { headers })).status === 401, "the token still works");
});

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);
