"""Runs django-canto 0.3.0, as it comes from PyPI, through everything it can against a Canto server.

    canto.py BASE_URL OAUTH_URL OAUTH_TOKEN_URL APP_ID APP_SECRET

Needs `pip install --no-deps django-canto==0.3.0` and requests. Prints a line for each capability, and exits with 1
where one failed. Leaves a folder, an album and two assets behind.
"""

import datetime
import io
import sys
import time
import urllib.parse
import uuid

from capabilities import capability, finish

# The client's package has the name of this file, which must not stand in its way.
sys.path.pop(0)

import requests  # noqa: E402
from canto.client import AccessTokenRequired, ApiException, CantoClient, ResourceNotFound  # noqa: E402

REDIRECT = "http://127.0.0.1:41999/canto/callback"
def refused(work, kind=ApiException):
    try:
        work()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")


def wait_for(find, what):
    for _ in range(60):
        found = find()
        if found:
            return found
        time.sleep(0.25)
    raise AssertionError(f"{what} did not come")


def search(query, scheme="image", paginate_by=100, start=0):
    answer = client.get_search_results(query, start, paginate_by, scheme)
    return answer, answer.get("results") or []


base_url, oauth_url, oauth_token_url, app_id, app_secret = sys.argv[1:6]
client = CantoClient(base_url, app_id, app_secret, oauth_url, oauth_token_url, None)
mark = uuid.uuid4().hex[:8]
state = {}


@capability("a call without a token is refused by the client")
def _():
    refused(client.test_connection, AccessTokenRequired)


@capability("get_oauth_url leads back with a code and the state")
def _():
    answer = requests.get(client.get_oauth_url("a state&more", REDIRECT), allow_redirects=False)
    assert answer.status_code == 302, answer.status_code
    location = urllib.parse.urlsplit(answer.headers["Location"])
    query = urllib.parse.parse_qs(location.query)
    assert answer.headers["Location"].startswith(REDIRECT), answer.headers["Location"]
    assert query["state"] == ["a state&more"], query
    state["code"] = query["code"][0]


@capability("create_access_token")
def _():
    token, until, refresh = client.create_access_token(state["code"])
    now = datetime.datetime.now(until.tzinfo)
    assert token and refresh and until - now > datetime.timedelta(days=29), until
    state["refresh"], client.access_token = refresh, token


@capability("create_access_token with a spent code is refused")
def _():
    refused(lambda: client.create_access_token(state["code"]))


@capability("refresh_access_token")
def _():
    token, _, refresh = client.refresh_access_token(state["refresh"])
    assert token != client.access_token and refresh
    client.access_token = token


@capability("refresh_access_token with a wrong token is refused")
def _():
    refused(lambda: client.refresh_access_token("wrong"))


@capability("test_connection")
def _():
    assert isinstance(client.test_connection(), dict)


@capability("a wrong access token is refused")
def _():
    wrong = CantoClient(base_url, app_id, app_secret, oauth_url, oauth_token_url, "wrong")
    refused(wrong.test_connection)


def albums(nodes):
    for node in nodes:
        if node["scheme"] == "album":
            yield node
        yield from albums(node.get("children") or [])


@capability("get_tree, sorted by name")
def _():
    tree = client.get_tree()["results"]
    names = [node["name"].lower() for node in tree]
    assert names == sorted(names), names
    state["album"] = max(albums(tree), key=lambda album: int(album["size"]))
    assert int(state["album"]["size"]) > 0


@capability("get_album, page by page")
def _():
    album, seen, start = state["album"], [], 0
    while True:
        page = client.get_album(album["id"], start, 7, "image|video|audio|document|presentation|other")
        seen += [asset["id"] for asset in page.get("results") or []]
        start += 7
        if start >= page["found"]:
            break
    assert len(seen) == len(set(seen)) == page["found"] == int(album["size"]), (len(seen), page["found"])


@capability("get_album of an unknown album is not found")
def _():
    refused(lambda: client.get_album("NOSUCH", 0, 10, "image"), ResourceNotFound)


@capability("get_search_results: the scheme narrows, the limit limits")
def _():
    answer, found = search("", paginate_by=5)
    assert len(found) == 5 and answer["found"] > 5, answer["found"]
    assert {asset["scheme"] for asset in found} == {"image"}
    state["image"] = found[0]


@capability("get_search_results: a keyword narrows, sorted by name")
def _():
    whole = client.get_search_results("", 0, 1, "image")["found"]
    answer = client.get_search_results("lantern", 0, 1000, "image", "name", "ascending")
    names = [asset["name"].lower() for asset in answer["results"]]
    assert 0 < answer["found"] < whole and names == sorted(names), (answer["found"], whole)


@capability("get_search_results: nothing found is no error")
def _():
    answer, found = search(f"nothing-is-called-{mark}")
    assert answer["found"] == 0 and found == []


@capability("get_image")
def _():
    image = client.get_image(state["image"]["id"])
    assert image["id"] == state["image"]["id"] and image["name"] == state["image"]["name"]
    assert {"width", "height", "url", "default", "additional", "versionHistory"} <= image.keys()
    state["image"] = image


@capability("get_image of an unknown id is not found")
def _():
    refused(lambda: client.get_image("nosuchimage"), ResourceNotFound)


@capability("get_binary: the original has its size and hash")
def _():
    import hashlib

    data = client.get_binary(state["image"]["url"]["download"])
    assert len(data) == int(state["image"]["size"])
    assert hashlib.md5(data).hexdigest() == state["image"]["md5"]


@capability("get_binary: the renditions are pictures")
def _():
    for name, start in [("preview", b"\xff\xd8"), ("HighJPG", b"\xff\xd8"), ("LowJPG", b"\xff\xd8"), ("PNG", b"\x89PNG")]:
        data = client.get_binary(state["image"]["url"][name])
        assert data.startswith(start), (name, data[:8])


@capability("get_public_url_for_binary: anybody gets the file there")
def _():
    url = client.get_public_url_for_binary(state["image"]["url"]["download"])
    answer = requests.get(url)
    assert answer.ok and len(answer.content) == int(state["image"]["size"]), answer.status_code


@capability("create_folder at the root, with a description")
def _():
    folder = client.create_folder(f"Folder {mark}", description="Made by a test & kept")
    state["folder"] = folder["id"]
    info = requests.get(
        f"{base_url}/api/v1/info/folder/{folder['id']}", headers={"Authorization": f"Bearer {client.access_token}"}
    ).json()
    assert info["description"] == "Made by a test & kept", info


@capability("create_folder in a folder")
def _():
    assert client.create_folder("Inner folder", state["folder"])["idPath"].startswith(state["folder"])


@capability("create_album in a folder, seen in the tree")
def _():
    album = client.create_album(f"Album {mark}", state["folder"], description="For uploads")
    state["target"] = album["id"]
    assert album["id"] in [node["id"] for node in albums(client.get_tree()["results"])]


@capability("create_album in an unknown folder is not found")
def _():
    refused(lambda: client.create_album("Lost", "NOSUCH"), ResourceNotFound)


@capability("get_upload_setting")
def _():
    setting = client.get_upload_setting()
    assert {"url", "key", "acl", "AWSAccessKeyId", "Policy", "Signature"} <= setting.keys(), setting.keys()


def file(name, data):
    stream = io.BytesIO(data)
    stream.name = name
    return stream


def picture():
    url = state["image"]["url"]["PNG"]
    return client.get_binary(url)


@capability("upload_file: a new asset in the album")
def _():
    state["bytes"] = picture()
    client.upload_file(file(f"upload-{mark}.png", state["bytes"]), state["target"])
    find = lambda: client.get_album(state["target"], 0, 10, "image").get("results")
    asset = wait_for(find, "the asset")[0]
    assert asset["name"] == f"upload-{mark}.png" and int(asset["size"]) == len(state["bytes"])
    assert client.get_binary(asset["url"]["download"]) == state["bytes"]
    state["uploaded"] = asset


@capability("upload_file: a new version of the asset")
def _():
    image, data = state["uploaded"], state["bytes"] + b"\0second"
    client.upload_file(file("again.png", data), state["target"], image["id"], "image")
    find = lambda: [v for v in client.get_image(image["id"])["versionHistory"] if v["no"] == "2"]
    version = wait_for(find, "the version")[0]
    now = client.get_image(image["id"])
    assert version["currentVersion"] and now["name"] == image["name"] and int(now["size"]) == len(data)
    first = [v for v in now["versionHistory"] if v["no"] == "1"][0]
    assert client.get_binary(first["uri"]["download"]) == state["bytes"]
    assert client.get_binary(now["url"]["download"]) == data


@capability("upload_file: a large file arrives as it was")
def _():
    data = bytes(range(256)) * 4096 * 24
    client.upload_file(file(f"large-{mark}.png", data), state["target"])
    find = lambda: [a for a in client.get_album(state["target"], 0, 10, "image")["results"] if "large" in a["name"]]
    asset = wait_for(find, "the large asset")[0]
    assert client.get_binary(asset["url"]["download"]) == data


def terms(kind):
    return client.get_image(state["uploaded"]["id"])[kind]


@capability("add_tag_to_content, twice, and remove_tag_from_content")
def _():
    image = state["uploaded"]["id"]
    for _ in range(2):
        assert client.add_tag_to_content(image, "to be checked", "image").ok
    assert terms("tag").count("to be checked") == 1, terms("tag")
    assert client.remove_tag_from_content(image, "to be checked", "image").ok
    assert "to be checked" not in terms("tag")


@capability("add_keyword_to_content, twice, and remove_keyword_from_content")
def _():
    image = state["uploaded"]["id"]
    for _ in range(2):
        assert client.add_keyword_to_content(image, "Frühling", "image").ok
    assert terms("keyword").count("Frühling") == 1, terms("keyword")
    assert client.remove_keyword_from_content(image, "Frühling", "image").ok
    assert "Frühling" not in terms("keyword")


@capability("a tag of the wrong scheme is not found")
def _():
    refused(lambda: client.add_tag_to_content(state["uploaded"]["id"], "x", "video"), ResourceNotFound)

finish()
