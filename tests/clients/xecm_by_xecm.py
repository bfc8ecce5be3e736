"""Runs PyPI xecm, a client that others wrote, through what it can do against the content server stand-in: ticket, directory
ticket and bearer on every call, `fields` and `expand`, categories, classifications, permissions.

    xecm_by_xecm.py BASE_URL DIRECTORY_URL USERNAME PASSWORD CLIENT_ID CLIENT_SECRET CATEGORY CLASSIFICATION
"""

import logging
import sys
import time
import uuid

from capabilities import capability, finish

# The client's package has the name of a file here, which must not stand in its way.
sys.path.pop(0)

import xecm  # noqa: E402

BASE, DIRECTORY, USERNAME, PASSWORD, CLIENT_ID, CLIENT_SECRET = sys.argv[1:7]
CATEGORY, CLASSIFICATION = map(int, sys.argv[7:9])
ENTERPRISE = 2000
SERVER = DIRECTORY.removesuffix("/otdsws")
quiet = logging.getLogger("xecm")
quiet.setLevel(logging.CRITICAL)
mark = uuid.uuid4().hex[:8]
state = {}


def sign_in(kind, url, name, secret):
    return xecm.CSRestAPI(kind, url, name, secret, True, quiet)


def refused(work, what):
    try:
        work()
    except Exception as error:
        assert what in str(error), error
        return
    raise AssertionError("it was done")


def is_there(client):
    return client.node_get(BASE, ENTERPRISE, ["id", "name"], False, False, False)["properties"]


cs = sign_in(xecm.LoginType.OTCS_TICKET, BASE, USERNAME, PASSWORD)


@capability("a directory ticket on every call")
def _():
    client = sign_in(xecm.LoginType.OTDS_TICKET, SERVER, USERNAME, PASSWORD)
    assert is_there(client) == {"id": ENTERPRISE, "name": "Enterprise"}


@capability("a bearer on every call, from a token request with Basic")
def _():
    client = sign_in(xecm.LoginType.OTDS_BEARER, SERVER, CLIENT_ID, CLIENT_SECRET)
    assert is_there(client)["id"] == ENTERPRISE


@capability("a wrong password is refused")
def _():
    refused(lambda: sign_in(xecm.LoginType.OTCS_TICKET, BASE, USERNAME, "wrong"), "401")


@capability("ping and server information")
def _():
    assert cs.ping(BASE)
    assert float(cs.server_info(BASE)["server"]["version"]) > 20


@capability("node_create with names in two languages, and node_get of some properties")
def _():
    names = {"en": f"Filing {mark}", "de": f"Ablage {mark}"}
    state["folder"] = cs.node_create(BASE, ENTERPRISE, 0, names["en"], "", names, {})
    assert state["folder"] > 0
    found = cs.node_get(BASE, state["folder"], ["id", "name", "name_multilingual"], False, False, False)["properties"]
    assert found == {"id": state["folder"], "name": names["en"], "name_multilingual": names}, found


@capability("node_upload_bytes with a category, and node_download_bytes")
def _():
    values = {f"{CATEGORY}_2": "INV-4711", f"{CATEGORY}_4": ["a", "b"]}
    content = bytes(range(256)) * 8
    state["file"] = cs.node_upload_bytes(BASE, state["folder"], content, f"Räumung {mark}.pdf", values)
    given = cs.node_download_bytes(BASE, state["file"], "")
    assert given["file_size"] == len(content), given["file_size"]
    import base64

    assert base64.b64decode(given["base64"]) == content


@capability("node_get with categories and permissions, the rights' owners expanded")
def _():
    found = cs.node_get(BASE, state["file"], ["id"], True, True, False)
    assert found["categories"][0][f"{CATEGORY}_2"] == "INV-4711", found["categories"]
    assert found["permissions"]["owner"]["right_id"]["name"] == USERNAME, found["permissions"]["owner"]


@capability("node_category_update and node_category_delete")
def _():
    cs.node_category_update(BASE, state["file"], CATEGORY, {f"{CATEGORY}_2": "INV-4712"})
    assert "INV-4712" in str(cs.node_get(BASE, state["file"], ["id"], True, False, False)["categories"])
    cs.node_category_delete(BASE, state["file"], CATEGORY)
    assert "INV-4712" not in str(cs.node_get(BASE, state["file"], ["id"], True, False, False)["categories"])


@capability("node_category_add")
def _():
    body = {"category_id": CATEGORY, f"{CATEGORY}_2": "INV-1"}
    cs.node_category_add(BASE, state["file"], body)
    assert "INV-1" in str(cs.node_get(BASE, state["file"], ["id"], True, False, False)["categories"])


@capability("node_classifications_apply and _get")
def _():
    cs.node_classifications_apply(BASE, state["file"], False, [CLASSIFICATION])
    found = cs.node_classifications_get(BASE, state["file"], ["data"])
    assert [one["id"] for one in found] == [CLASSIFICATION], found


@capability("subnodes_get and subnodes_filter")
def _():
    page = cs.subnodes_get(BASE, state["folder"], ["id", "name"], True, True, True, 1)
    assert page["page_total"] == 1 and len(page["results"]) == 1, page
    assert page["results"][0]["classifications"][0]["id"] == CLASSIFICATION
    assert "INV-1" in str(page["results"][0]["categories"]), page["results"][0]
    assert page["results"][0]["permissions"]["owner"]["right_id"]["id"], page["results"][0]["permissions"]
    assert cs.subnodes_filter(BASE, ENTERPRISE, f"Filing {mark}", True, True)[0]["properties"]["id"] == state["folder"]


@capability("path_to_id through a volume")
def _():
    assert cs.path_to_id(BASE, "Content Server Categories:Filing Details") == {"id": CATEGORY, "name": "Filing Details"}


@capability("nodes_get_details of several")
def _():
    found = cs.nodes_get_details(BASE, [state["folder"], state["file"]])
    assert sorted(found) == sorted([state["folder"], state["file"]]), found


@capability("category_definition_get")
def _():
    found = cs.category_definition_get(BASE, CATEGORY)
    assert found["properties"]["name"] == "Filing Details", found["properties"]
    assert found["forms"][0]["fields"]["properties"][f"{CATEGORY}_2"]["title"] == "Reference", found["forms"]


@capability("the permissions of a node: owner, group, public and custom")
def _():
    id = state["file"]
    cs.node_permissions_owner_apply(BASE, id, {"permissions": ["see", "see_contents", "modify", "edit_permissions"], "right_id": 1000})
    cs.node_permissions_group_apply(BASE, id, {"permissions": ["see", "see_contents"], "right_id": 1001})
    cs.node_permissions_public_apply(BASE, id, {"permissions": ["see"]})
    cs.node_permissions_custom_apply(BASE, id, [{"permissions": ["see", "modify"], "right_id": 1010}])
    cs.node_permissions_custom_update(BASE, id, 1010, {"permissions": ["see"]})
    held = cs.node_get(BASE, id, ["id"], False, True, False)["permissions"]
    assert held["group"]["permissions"] == ["see", "see_contents"], held["group"]
    assert held["public"]["permissions"] == ["see"], held["public"]
    assert [(one["right_id"]["id"], one["permissions"]) for one in held["custom"]] == [(1010, ["see"])], held["custom"]
    cs.node_permissions_custom_delete(BASE, id, 1010)
    cs.node_permissions_public_delete(BASE, id)
    held = cs.node_get(BASE, id, ["id"], False, True, False)["permissions"]
    assert not held["custom"], held


@capability("search finds the upload")
def _():
    for _ in range(40):  # the index lags behind
        found = cs.search(BASE, f"Räumung {mark}.pdf", 144, state["folder"], 1)
        if found["results"]:
            break
        time.sleep(0.25)
    assert [one["id"] for one in found["results"]] == [state["file"]], found


@capability("node_update, node_move and node_delete")
def _():
    target = cs.node_create(BASE, ENTERPRISE, 0, f"Archive {mark}", "", {}, {})
    cs.node_update_name(BASE, state["file"], f"Renamed {mark}.pdf", "kept", {}, {})
    cs.node_move(BASE, state["file"], target)
    found = cs.node_get(BASE, state["file"], ["name", "description", "parent_id"], False, False, False)["properties"]
    assert found == {"name": f"Renamed {mark}.pdf", "description": "kept", "parent_id": target}, found
    cs.node_delete(BASE, state["file"])
    refused(lambda: cs.node_get(BASE, state["file"], [], False, False, False), "400")


@capability("a workflow for a document: what there is, a draft, its form, its start")
def _():
    file = cs.node_upload_bytes(BASE, state["folder"], b"x", f"Decide {mark}.txt", {})
    maps = cs.workflows_document_get_available(BASE, state["folder"], file)
    draft = cs.workflows_document_draft_create(BASE, maps[0]["data"]["DataID"] if "data" in maps[0] else maps[0]["DataID"], str(file))
    assert cs.workflows_document_draft_form_get(BASE, draft["draftprocess_id"])
    assert cs.workflows_document_draft_initiate(BASE, draft["draftprocess_id"], "please")["process_id"]


finish()
