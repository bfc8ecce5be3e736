"""Runs PyPI Authlib against the workflow stand-in: every form of a token request, code with PKCE, signed tokens, API calls.

    workflow.py BASE_URL TENANT CLIENT_ID CLIENT_SECRET PUBLIC_CLIENT_ID USER PASSWORD
"""

import sys
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken, UserInfo
from capabilities import capability, finish

base, tenant, client_id, client_secret, public_client, user, password = sys.argv[1:8]
issuer = f"{base}/tenants/{tenant}"
redirect = "http://127.0.0.1:48123/callback"

configuration = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
endpoint = configuration["token_endpoint"]
kept = {}


def lists_tasks(session):
    answer = session.get(f"{base}/workflow/v1/tasks", params={"count": 3})
    answer.raise_for_status()
    body = answer.json()
    assert len(body["_embedded"]["tasks"]) == 3, body
    assert body["page"]["totalElements"] > 3, body["page"]


@capability("discovery names the issuer and its endpoints")
def _():
    assert configuration["issuer"] == issuer
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint", "userinfo_endpoint"):
        assert configuration[name].startswith(issuer), name


for method in ("client_secret_basic", "client_secret_post"):

    @capability(f"client credentials, {method}, and a call with the token")
    def _(method=method):
        session = OAuth2Session(client_id, client_secret, token_endpoint_auth_method=method)
        token = session.fetch_token(endpoint, grant_type="client_credentials")
        assert token["token_type"] == "Bearer" and token["expires_in"] > 0 and "id_token" not in token
        lists_tasks(session)


@capability("client credentials as JSON, and a call with the token")
def _():
    session = OAuth2Session(client_id, client_secret, token_endpoint_auth_method="json")

    def as_json(client, method, uri, headers, body):
        import json

        asked = {name: values[0] for name, values in parse_qs(body).items()}
        asked.update(client_id=client.client_id, client_secret=client.client_secret)
        return uri, {**headers, "Content-Type": "application/json"}, json.dumps(asked)

    session.register_client_auth_method(("json", as_json))
    session.fetch_token(endpoint, grant_type="client_credentials")
    lists_tasks(session)


@capability("password grant")
def _():
    session = OAuth2Session(client_id, client_secret, scope="openid otds:groups")
    token = session.fetch_token(endpoint, username=user, password=password)
    assert token["refresh_token"] and token["id_token"]
    lists_tasks(session)


@capability("a wrong password is invalid_grant")
def _():
    session = OAuth2Session(client_id, client_secret)
    try:
        session.fetch_token(endpoint, username=user, password="wrong")
    except Exception as error:
        assert getattr(error, "error", "") == "invalid_grant", repr(error)
    else:
        raise AssertionError("it was let in")


@capability("code with PKCE for a public client, through the page of the sign-in")
def _():
    session = OAuth2Session(
        public_client,
        scope="openid otds:groups",
        redirect_uri=redirect,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
    )
    verifier = generate_token(48)
    nonce = generate_token(12)
    address, state = session.create_authorization_url(
        configuration["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    page = requests.get(address, timeout=10)
    assert page.status_code == 200 and user in page.text
    fields = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    answer = requests.post(f"{issuer}/oauth2/auth/sign-in", {**fields, "person": user}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = answer.headers["location"]
    assert parse_qs(urlsplit(back).query)["state"] == [state]
    token = session.fetch_token(endpoint, authorization_response=back, code_verifier=verifier)
    kept.update(session=session, token=token, nonce=nonce)
    lists_tasks(session)


@capability("the id_token is signed, and its claims are those of the person")
def _():
    keys = JsonWebKey.import_key_set(requests.get(configuration["jwks_uri"], timeout=10).json())
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": public_client},
        "at_hash": {"essential": True},
    }
    token = kept["token"]
    parameters = {"nonce": kept["nonce"], "access_token": token["access_token"], "client_id": public_client}
    claims = jwt.decode(
        token["id_token"], keys, claims_cls=CodeIDToken, claims_options=options, claims_params=parameters
    )
    claims.validate()
    assert claims["nonce"] == kept["nonce"]
    assert claims["preferred_username"] == user and claims["name"]
    assert all("@" in group for group in claims["grp"]) and claims["grp"]
    access = jwt.decode(token["access_token"], keys)
    assert access["tid"] == tenant and access["cid"] == public_client


@capability("userinfo tells the same person")
def _():
    answer = kept["session"].get(configuration["userinfo_endpoint"])
    assert UserInfo(answer.json())["preferred_username"] == user


@capability("a refresh rotates its token, and the old one is refused")
def _():
    old = kept["token"]["refresh_token"]
    session = kept["session"]
    new = session.refresh_token(endpoint, refresh_token=old)
    assert new["refresh_token"] != old
    lists_tasks(session)
    again = requests.post(
        endpoint, {"grant_type": "refresh_token", "refresh_token": old, "client_id": public_client}, timeout=10
    )
    assert again.status_code == 400 and again.json()["error"] == "invalid_grant", again.text


@capability("an unknown client meets the gateway's fault")
def _():
    answer = requests.post(endpoint, {"grant_type": "client_credentials", "client_id": "no"}, timeout=10)
    assert answer.json()["fault"]["detail"]["errorcode"] == "oauth.v2.InvalidApiKey"


@capability("a process is started, claimed and completed with its outcome")
def _():
    session = OAuth2Session(client_id, client_secret)
    session.fetch_token(endpoint, grant_type="client_credentials")
    api = f"{base}/workflow/v1"
    variables = [{"name": "invoiceNumber", "value": "9"}, {"name": "amount", "value": 12000}]
    variables.append({"name": "currency", "value": "EUR"})
    started = session.post(
        f"{api}/process-instances",
        json={"processDefinitionKey": "invoiceApproval", "variables": variables, "returnVariables": True},
    )
    assert started.status_code == 201, started.text
    instance = started.json()["id"]
    for _step in range(2):
        tasks = session.get(f"{api}/tasks", params={"processInstanceId": instance}).json()
        task = tasks["_embedded"]["tasks"][0]["id"]
        assert session.post(f"{api}/tasks/{task}", json={"action": "claim", "assignee": user}).status_code == 200
        done = session.post(f"{api}/tasks/{task}", json={"action": "complete", "outcome": "approved"})
        assert done.status_code in (200, 204), done.text
    past = session.get(f"{base}/workflow-history/v1/historic-process-instances/{instance}").json()
    assert past["endTime"] and past["endActivityId"] == "paid", past


@capability("sign-out needs the id_token and ends the tokens")
def _():
    session = kept["session"]
    address = configuration["end_session_endpoint"]
    assert requests.get(address, timeout=10).status_code == 400
    answer = requests.get(
        address,
        params={"id_token_hint": kept["token"]["id_token"], "post_logout_redirect_uri": redirect},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302 and answer.headers["location"] == redirect
    assert session.get(f"{base}/workflow/v1/tasks").status_code == 401


finish()
