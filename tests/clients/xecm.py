"""Runs pyxecm, a client that others wrote, through all it can do against the content server stand-in.

    python xecm.py BASE_URL USERNAME PASSWORD CLERK CLIENT_ID CLIENT_SECRET

BASE_URL ends where `/api` begins. One line per capability, then the count; the status says whether all passed.
"""

import logging
import pathlib
import sys
import tempfile
import time
import urllib.parse

from pyxecm import OTCS, OTDS

logging.disable(logging.CRITICAL)

BASE, USERNAME, PASSWORD, CLERK, CLIENT_ID, CLIENT_SECRET = sys.argv[1:7]
URL = urllib.parse.urlsplit(BASE)
RUN = str(time.time_ns())[-9:]
NAME = f'Žluťoučký "{RUN}" bericht.pdf'
CONTENT = b"%PDF-1.7\r\n--boundary\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n" + bytes(range(256)) * 40 + b"\r\n--boundary--\r\n"
SECOND = CONTENT + b"second"

passed, failed, skipped = [], [], []
state = {}


def client(password=PASSWORD, **more):
    return OTCS(URL.scheme, URL.hostname, URL.port, username=USERNAME, password=password, base_path=URL.path, **more)


def directory(**more):
    return OTDS(URL.scheme, URL.hostname, URL.port, **more)


def need(condition, what="not as expected"):
    if not condition:
        raise AssertionError(what)
    return condition


def prop(response, key, index=0):
    return cs.get_result_value(response, key, index)


def node(node_id, key):
    return prop(cs.get_node(node_id), key)


def names(response):
    return [row["data"]["properties"]["name"] for row in response["results"]]


def upload(parent, name, content=CONTENT, **more):
    response = need(cs.upload_file_to_parent(parent, file_name=name, mime_type="application/pdf", file_content=content, **more))
    return prop(response, "id")


def ready():
    need(cs.is_ready())

def reject_bad_password():
    # The client waits half a minute and signs in again; what it sees first is the status.
    import requests
    answer = requests.post(BASE + "/api/v1/auth", data={"username": USERNAME, "password": "wrong"}, timeout=5)
    need(answer.status_code == 401, answer.status_code)
    need(client("wrong").authenticate(wait_for_ready=False) is None)

def authenticate():
    need(cs.authenticate())
    need(cs.otcs_ticket())

def current_user():
    state["me"] = cs.get_current_user()["data"]["id"]
    need(isinstance(state["me"], int))

def server_version():
    float(cs.get_server_version())

def reauthenticate():
    import requests
    answer = requests.get(BASE + "/api/v1/auth", headers={"OTCSTicket": "unknown"}, timeout=5)
    need(answer.status_code == 401, answer.status_code)
    old = cs.otcs_ticket()
    need(cs.authenticate(revalidate=True))
    need(cs.otcs_ticket() != old)
    need(cs.get_current_user())

def otds_ticket():
    otds = directory(username=USERNAME, password=PASSWORD)
    need(otds.authenticate(grant_type="password"))
    other = OTCS(URL.scheme, URL.hostname, URL.port, otds_ticket=otds.cookie()["OTDSTicket"], base_path=URL.path)
    need(other.authenticate(wait_for_ready=False))
    need(other.get_current_user()["data"]["name"] == USERNAME)

def otds_bearer():
    otds = directory(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    need(otds.authenticate(grant_type="client_credentials"))
    token = need(otds.get_access_token())
    other = OTCS(URL.scheme, URL.hostname, URL.port, otds_token=token, base_path=URL.path)
    need(other.authenticate(wait_for_ready=False))
    need(other.get_current_user()["data"]["id"])

def volume():
    state["root"] = prop(cs.get_volume(141), "id")
    need(node(state["root"], "id") == state["root"])

def create_folder():
    response = need(cs.create_item(state["root"], 0, f"pyxecm {RUN}", "made by a client"))
    state["folder"] = prop(response, "id")
    need(prop(response, "type") == 0)

def browse_paging():
    made = {prop(cs.create_item(state["folder"], 0, f"sub {number:02}"), "id") for number in range(7)}
    need(node(state["folder"], "size") == 7)
    found = list(cs.get_subnodes_iterator(state["folder"], filter_node_types=-1, page_size=2))
    need({row["data"]["properties"]["id"] for row in found} == made and len(found) == 7)
    paging = cs.get_subnodes(state["folder"], limit=2, page=2)["collection"]["paging"]
    need(paging["page_total"] == 4 and paging["total_count"] == 7 and paging["range_min"] == 3)

def browse_filter_name():
    need(names(cs.get_subnodes(state["folder"], filter_name="UB 03")) == ["sub 03"])

def browse_by_path():
    response = need(cs.get_node_by_volume_and_path(141, [f"pyxecm {RUN}", "deep", "deeper"], create_path=True))
    state["deep"] = prop(response, "id")
    again = cs.get_node_by_volume_and_path(141, [f"pyxecm {RUN}", "deep", "deeper"])
    need(prop(again, "id") == state["deep"])

def nickname():
    need(cs.set_node_nickname(state["folder"], f"nick_{RUN}"))
    need(prop(cs.get_node_from_nickname(f"nick_{RUN}"), "id") == state["folder"])
    need(cs.get_node_from_nickname("nobody_has_this") is None)

def ancestors():
    trail = cs.get_node_ancestors(state["deep"])["ancestors"]
    need(trail[0]["id"] == state["root"] and trail[-1]["id"] == state["deep"])

def upload_document():
    state["doc"] = upload(state["folder"], NAME, external_create_date="2020-01-31", description="a report")
    properties = cs.get_node(state["doc"])["results"]["data"]["properties"]
    need(properties["name"] == NAME, properties["name"])
    need(properties["size"] == len(CONTENT) and properties["mime_type"] == "application/pdf")

def duplicate_name():
    taken = cs.check_node_name(state["folder"], NAME)["results"]
    need([row["id"] for row in taken] == [state["doc"]])
    need(cs.check_node_name(state["folder"], "free")["results"] == [])
    need(cs.upload_file_to_parent(state["folder"], file_name=NAME, mime_type="application/pdf", file_content=CONTENT, show_error=False) is None)
    error = cs.create_item(state["folder"], 0, "sub 01", parse_error_response=True)
    need("already exists" in str(error), error)

def add_version():
    need(cs.add_document_version(state["doc"], file_name=NAME, mime_type="application/pdf", file_content=SECOND, description="second"))

def list_versions():
    found = [row["data"]["versions"] for row in cs.get_document_versions(state["doc"])["results"]]
    need([row["version_number"] for row in found] == [1, 2])
    need([row["file_size"] for row in found] == [len(CONTENT), len(SECOND)])
    need(cs.get_latest_document_version(state["doc"])["data"]["version_number"] == 2)
    need(cs.get_document_version(state["doc"], 1)["results"]["data"]["versions"]["file_size"] == len(CONTENT))

def download():
    need(cs.get_document_content(state["doc"]) == SECOND)
    need(cs.get_document_content(state["doc"], "1") == CONTENT)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "file.pdf"
        need(cs.download_document(state["doc"], str(path)))
        need(path.read_bytes() == SECOND)

def category_assign():
    volume_id = prop(cs.get_volume(133), "id")
    state["cat"] = prop(cs.get_node_by_parent_and_name(volume_id, "Filing Details"), "id")
    need(cs.assign_category(state["doc"], state["cat"]))
    need(state["cat"] in [int(number) for number in cs.get_node_category_ids(state["doc"])])

def category_read():
    need("Filing Details" in cs.get_node_category_names(state["doc"]))
    number, attributes = cs.get_node_category_definition(state["doc"], "Filing Details")
    need(int(number) == state["cat"] and attributes["Reference"]["type"] == "String", attributes)

def values(node_id):
    return cs.get_node_category(node_id, state["cat"])["results"]["data"]["categories"]

def category_set():
    cat = state["cat"]
    need(cs.set_category_values(state["doc"], cat, {f"{cat}_2": "INV-4711", f"{cat}_4": ["a", "b"]}))
    need(cs.set_category_value(state["doc"], "12.5", cat, 3))
    found = values(state["doc"])
    need(found[f"{cat}_2"] == "INV-4711" and found[f"{cat}_4"] == ["a", "b"] and found[f"{cat}_3"] == 12.5, found)

def category_set_rows():
    cat = state["cat"]
    need(cs.set_category_value(state["doc"], "row 1", cat, 6, set_id=5, set_row=1))
    need(cs.set_category_value(state["doc"], "row 2", cat, 6, set_id=5, set_row=2))
    found = values(state["doc"])
    need(found[f"{cat}_5_1_6"] == "row 1" and found[f"{cat}_5_2_6"] == "row 2", found)

def upload_with_category():
    cat = str(state["cat"])
    data = {cat: {f"{cat}_2": "with upload", f"{cat}_4": ["x", "y"], f"{cat}_5": [{f"{cat}_5_x_6": "in set"}]}}
    state["filed"] = upload(state["folder"], f"filed {RUN}.pdf", category_data=data)
    found = values(state["filed"])
    need(found[f"{cat}_2"] == "with upload" and found[f"{cat}_5_1_6"] == "in set", found)

def classification():
    volume_id = prop(cs.get_volume(198), "id")
    class_id = prop(cs.get_node_by_parent_and_name(volume_id, "Invoices"), "id")
    need(cs.assign_classifications(state["doc"], [class_id]))
    need([row["id"] for row in cs.get_node_classifications(state["doc"])["data"]] == [class_id])

def rm_classification():
    volume_id = prop(cs.get_volume(550), "id")
    class_id = prop(cs.get_node_by_parent_and_name(volume_id, "Accounting Records"), "id")
    old = cs.get_node_records_details(state["filed"])["rm_metadataToken"]
    need(cs.assign_rm_classification(state["filed"], class_id, metadata_token=old))
    details = cs.get_node_records_details(state["filed"])
    token = details["rm_metadataToken"]
    need(details["data"][0]["rmclassification_id"] == class_id and token != old)
    need(cs.set_node_records_details(state["filed"], metadata_token=token, status="CLOSED"))
    need(cs.get_node_records_details(state["filed"])["data"][0]["status"] == "CLOSED")
    need(cs.set_node_records_details(state["filed"], metadata_token=token, status="ACTIVE") is None)

def hold_create():
    response = cs.create_records_management_hold("LEGAL", f"hold {RUN}", "a case", date_applied="2025-01-31")
    state["hold"] = need(response["holdID"])
    need(state["hold"] in [row["HoldID"] for row in cs.get_records_management_holds()["results"]["data"]["holds"]])
    need(cs.get_hold_by_name(f"hold {RUN}"))

def rest(method, path):
    """What the client has no method for goes through its own way to send."""
    return cs.do_request(url=BASE + "/api" + path, method=method, headers=cs.request_form_header(), timeout=10, show_error=False)

def hold_apply():
    need(cs.assign_hold(state["filed"], state["hold"]) is not None)
    need([row["hold_id"] for row in rest("GET", f"/v1/nodes/{state['filed']}/holds")["data"]] == [state["hold"]])

def hold_blocks_delete():
    need(cs.delete_node(state["filed"]) is None)
    need(node(state["filed"], "id") == state["filed"])

def hold_remove():
    need(rest("DELETE", f"/v1/nodes/{state['filed']}/holds/{state['hold']}"))

def hold_delete():
    need(rest("DELETE", f"/v2/hold?id={state['hold']}")["results"]["ok"])

def search():
    for _ in range(40):
        found = cs.search(f'OTName: "filed {RUN}.pdf"', limit=10)
        if found and found["results"]:
            break
        time.sleep(0.25)
    need(prop(found, "id") == state["filed"])
    need([row["data"]["properties"]["id"] for row in cs.search_iterator(f'OTName: "filed {RUN}.pdf"')] == [state["filed"]])

def rename():
    need(cs.rename_node(state["filed"], f"renamed {RUN}.pdf", "new"))
    need(node(state["filed"], "name") == f"renamed {RUN}.pdf")

def move():
    need(cs.update_item(state["filed"], parent_id=state["deep"]))
    need(node(state["filed"], "parent_id") == state["deep"])

def copy():
    copied = prop(need(cs.copy_node(state["filed"], state["folder"], f"copy {RUN}.pdf")), "id")
    need(copied != state["filed"] and cs.get_document_content(copied) == CONTENT)
    need(cs.get_latest_document_version(copied)["data"]["version_number"] == 1)

def delete_and_restore():
    need(cs.delete_node(state["filed"]))
    need(cs.get_node(state["filed"]) is None)
    done = cs.restore_node(state["filed"])["results"]
    need(done["success"]["ids"] == [state["filed"]] and node(state["filed"], "id"))

def reserve():
    need(cs.update_item(state["doc"], reserved_user_id=state["me"]))
    need(node(state["doc"], "reserved") is True and state["doc"] in [row["data"]["properties"]["id"] for row in cs.get_user_reserved_nodes()["results"]])
    need(cs.update_item(state["doc"], reserved_user_id=None))
    need(node(state["doc"], "reserved") is False)

def favorite():
    need(cs.add_user_favorite(state["doc"]))
    need(state["doc"] in [row["data"]["properties"]["id"] for row in cs.get_user_favorites()["results"]])

def node_actions():
    found = cs.get_node_actions([state["doc"], state["folder"]], ["open", "delete"])["results"]
    need("open" in found[str(state["doc"])]["data"] and "open" not in found[str(state["folder"])]["data"])

def audit():
    found = cs.get_node_audit(state["doc"])["results"]["data"]["audit"]
    need({"Create", "Version Added"} <= {row["audit_name"] for row in found}, found)

def find_member():
    state["clerk"] = prop(cs.get_user(CLERK), "id")
    need(state["clerk"] != state["me"])

def permissions():
    need(cs.assign_permission(state["folder"], ["see", "see_contents", "modify"], "custom", state["clerk"]))
    found = cs.get_permission(state["folder"], state["clerk"])["results"]["data"]["permissions"]["permissions"]
    need("modify" in found, found)

def workspace_types():
    for row in cs.get_workspace_types()["results"]:
        found = row["data"]["properties"]
        if found["wksp_type_name"] == "Vendor":
            state["type"], state["template"] = found["wksp_type_id"], found["templates"][0]["id"]
    need(state["type"])

def workspace_create_form():
    forms = cs.get_workspace_create_form(state["template"])["forms"]
    need(any(form.get("role_name") == "categories" for form in forms))

def space(name):
    cat = str(state["cat"])
    response = cs.create_workspace(state["template"], name, "a vendor", state["type"], category_data={cat: {f"{cat}_2": name}}, parent_id=state["folder"])
    return need(response)["results"]["id"]

def workspace_create():
    state["space"] = space(f"Vendor {RUN}")
    need(prop(cs.get_workspace(state["space"]), "type") == 848)
    need(values(state["space"])[f"{state['cat']}_2"] == f"Vendor {RUN}")

def workspace_find():
    found = cs.get_workspace_by_type_and_name(type_name="Vendor", name=f"Vendor {RUN}")
    need(prop(found, "id") == state["space"] and len(found["results"]) == 1)

def workspace_upload():
    document = upload(state["space"], "contract.pdf")
    need(cs.get_workspace_by_child_node(document)["id"] == state["space"])

def workspace_roles():
    roles = [row["data"]["properties"] for row in cs.get_workspace_roles(state["space"])["results"]]
    need(all(isinstance(role["perms"], int) for role in roles))
    reader = next(role["id"] for role in roles if not role["leader"])
    need(cs.add_workspace_member(state["space"], reader, state["clerk"]))
    need([row["data"]["properties"]["id"] for row in cs.get_workspace_members(state["space"], reader)["results"]] == [state["clerk"]])
    need(cs.remove_workspace_member(state["space"], reader, state["clerk"]))

def workspace_relationship():
    other = space(f"Other {RUN}")
    need(cs.create_workspace_relationship(state["space"], other))
    need(prop(cs.get_workspace_relationships(state["space"]), "id") == other)
    need(cs.delete_workspace_relationship(state["space"], other))

def unknown_node():
    need(cs.get_node(99999999) is None)

def cleanup():
    need(cs.delete_node(state["folder"]))
    need(cs.get_node(state["folder"]) is None)


CAPABILITIES = [
    ready, reject_bad_password, authenticate, current_user, server_version, reauthenticate, otds_ticket, otds_bearer, volume,
    create_folder, browse_paging, browse_filter_name, browse_by_path, nickname, ancestors, upload_document, duplicate_name,
    add_version, list_versions, download, category_assign, category_read, category_set, category_set_rows,
    upload_with_category, classification, rm_classification, hold_create, hold_apply, hold_blocks_delete, hold_remove,
    hold_delete, search, rename, move, copy, delete_and_restore, reserve, favorite, node_actions, audit, find_member,
    permissions, workspace_types, workspace_create_form, workspace_create, workspace_find, workspace_upload, workspace_roles,
    workspace_relationship, unknown_node, cleanup,
]

cs = client()
for capability in CAPABILITIES:
    start = time.monotonic()
    try:
        capability()
        passed.append(capability.__name__)
        print("ok", capability.__name__, flush=True)
    except Exception as error:
        failed.append(capability.__name__)
        print(f"FAIL {capability.__name__}: {type(error).__name__}: {error} ({time.monotonic() - start:.1f} s)", flush=True)
print(f"{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(bool(failed))
