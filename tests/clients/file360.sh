#!/usr/bin/env bash
# Walks the file-sharing appliance's REST interface with plain curl and jq, as a script of a customer would.
#
# usage: file360.sh BASE_URL ADMIN OPERATOR REVIEWER AUDITOR SUPPLIER PASSWORD
# Prints one line a capability, then how many passed, failed and were skipped.

set -u
base=$1 admin=$2 operator=$3 reviewer=$4 auditor=$5 supplier=$6 password=$7
rest=$base/rest
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0 skipped=0
run=$(date +%s%N)

# call USER METHOD PATH [curl arguments]: the body lands in $dir/body, the headers in $dir/head, the status in $status.
call() {
    local user=$1 method=$2 path=$3
    shift 3
    case $path in http*) ;; *) path=$rest$path ;; esac
    status=$(curl -s -o "$dir/body" -D "$dir/head" -w '%{http_code}' -u "$user:$password" -X "$method" "$@" "$path")
}

get() { jq -r "$1" "$dir/body"; }

# check NAME CONDITION…: the condition is a command.
check() {
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name: $* (status $status, $(head -c 300 "$dir/body"))"
    fi
}

is() { [ "$status" = "$1" ]; }
says() { jq -e "$1" "$dir/body"; }
# answers STATUS FILTER
answers() { is "$1" && says "$2"; }
json=(-H 'Content-Type: application/json')
bytes=(-H 'Content-Type: application/octet-stream')

# Probe
call "$admin" GET /release_info
check release_info answers 200 '.product_name and .product_version and .rest_api_revision == 4'
call "$operator" GET /
check root_links answers 200 '[.links[].rel] | index("self") and index("library_entities") and (index("admin") | not)'
search=$(get '.links[] | select(.rel == "library_entities").href')
self=$(get '.links[] | select(.rel == "self").href')
call "$admin" GET /
check admin_link answers 200 '[.links[].rel] | index("admin")'
call "$operator" GET /zone_config
check zone_config answers 200 '.external_sharing_restrictions.mode and .disk_quotas.enabled'
call "$operator" GET "$self?include_groups=true"
check self answers 200 '.name and (.groups | length > 0) and .disk_space_quota > 0'
me=$(get .id)
my_files=$(get '.links[] | select(.rel == "my_files").href')
call nobody GET /self
check unauthorized_is_html is 401
check unauthorized_has_challenge grep -qi '^WWW-Authenticate: Basic realm=' "$dir/head"
call "$operator" GET /self/roots
check roots answers 200 '[.items[].id] | index(-100) and index(-103)'
call "$operator" GET "$my_files"
check my_files_by_link answers 200 '.id == -100'
children=$(get '.links[] | select(.rel == "library_children").href')
folders=$(get '.links[] | select(.rel == "child_library_folders").href')
files=$(get '.links[] | select(.rel == "child_library_files").href')
changes=$(get '.links[] | select(.rel == "library_changes").href')

# Paging
call "$operator" GET "$children"
check first_page answers 200 '.count == 100 and .total > 100 and .next'
next=$(get .next)
call "$operator" GET "$next"
check second_page answers 200 '.first == 100 and .first + .count == .total and (has("next") | not)'
modified=$(curl -s -o /dev/null -D - -u "$operator:$password" "$rest$children" | tr -d '\r' | sed -n 's/^last-modified: //Ip')
call "$operator" GET "$children" -H "If-Modified-Since: $modified"
check not_modified is 304

# Folders
call "$operator" POST "$folders" "${json[@]}" -d "{\"title\":\"Müller & Söhne $run\"}"
check create_folder answers 200 '.id and .["@type"] == ".Folder" and .parent_binder.id == -100'
folder=$(get .id)
call "$operator" POST "$folders" "${json[@]}" -d "{\"title\":\"Müller & Söhne $run\"}"
check folder_exists answers 409 ".code == \"TITLE_EXISTS\" and .data.id == $folder and (.data | has(\"@type\") | not)"
call "$operator" POST "$folders" "${json[@]}" -d '{"title":"x","colour":"red"}'
check unknown_property answers 400 '.code == "BAD_INPUT"'
call "$operator" POST "/folders/$folder/library_folders" "${json[@]}" -d '{"title":"Drafts"}'
check create_subfolder answers 200 '.title == "Drafts"'
drafts=$(get .id)
call "$operator" POST "/folders/$drafts/title" --data-urlencode 'title=Entwürfe'
check rename_folder answers 200 '.title == "Entwürfe"'
call "$operator" GET "/folders/$drafts/ancestry"
check ancestry answers 200 "type == \"array\" and .[-1].id == $folder"

# Uploads
head -c 6000000 /dev/urandom >"$dir/big"
md5=$(md5sum "$dir/big" | cut -d' ' -f1)
call "$operator" POST "/folders/$folder/library_files?file_name=Scan%20%23%201.bin&md5=$md5&mod_date=2026-01-02T03:04:05Z" "${bytes[@]}" --data-binary "@$dir/big"
check upload_raw answers 200 ".md5 == \"$md5\" and .name == \"Scan # 1.bin\" and .length == 6000000 and .modification.date == \"2026-01-02T03:04:05Z\""
file=$(get .id) entry=$(get .owning_entity.id)
check two_ids test "${#file}" = 32
call "$operator" POST "/folders/$folder/library_files?file_name=form.txt" -F 'comment=hello' -F 'file=@-;filename=other.txt' <<<'from a form'
check upload_multipart answers 200 '.name == "form.txt" and .length == 12'
form=$(get .id)
call "$operator" POST "/folders/$folder/library_files?file_name=bad.txt&md5=00000000000000000000000000000000" "${bytes[@]}" -d x
check upload_checksum answers 400 '.code == "FILE_CHECKSUM_FAILED"'
call "$operator" POST "/folders/$folder/library_files?file_name=form.txt" "${bytes[@]}" -d x
check upload_exists answers 409 '.code == "FILE_EXISTS" and .data.name == "form.txt"'
call "$operator" POST "/folders/$folder/library_files" "${bytes[@]}" -d x
check upload_without_name answers 400 '.code == "BAD_INPUT"'
call "$operator" POST "/folders/$drafts/library_files" --data-urlencode "source_id=$form" --data-urlencode 'file_name=copy.txt'
check copy_file answers 200 '.name == "copy.txt" and .length == 12'
copy=$(get .id)

# Download
call "$operator" GET "/files/$file"
check download cmp "$dir/body" "$dir/big"
call "$operator" GET "/files/$file" -H 'If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT'
check download_not_modified is 304
call "$operator" GET "$files?file_name=nothing%20there"
check list_files_by_name answers 200 '.total == 0'
call "$operator" GET "/folders/$folder/library_files?recursive=true&parent_binder_paths=true"
check list_files_recursive answers 200 '.total == 3 and .items[0]["@type"] == ".FileProperties" and .items[0].parent_binder.path'
call "$operator" GET "/folders/$folder/library_children"
check mixed_list_untyped answers 200 '[.items[] | has("@type")] | any | not'

# Versions
call "$operator" POST "/files/$form?last_version=1" "${bytes[@]}" -d 'second'
check new_version answers 200 '.version_number == 2 and .length == 6'
call "$operator" POST "/files/$form?last_version=1" "${bytes[@]}" -d 'third'
check version_conflict answers 409 '.code == "FILE_VERSION_CONFLICT" and .data.version_number == 2'
call "$operator" GET "/files/$form/versions"
check versions answers 200 '.total == 2 and .items[0]["@type"] == ".FileVersionProperties"'
first=$(get '.items[] | select(.version_number == 1).id')
call "$operator" POST "/file_versions/$first/note" "${json[@]}" -d '{"@type":".FileVersionProperties","note":"as it came"}'
check version_note answers 200 '.note == "as it came"'
call "$operator" POST "/file_versions/$first/status" "${json[@]}" -d '{"status":3}'
check version_type_required answers 400 '.code == "BAD_INPUT"'
call "$operator" POST "/file_versions/$first/status" "${json[@]}" -d '{"@type":".FileVersionProperties","status":3}'
check version_status answers 200 '.status == 3'
call "$operator" POST "/file_versions/$first/current"
check roll_back answers 200 '.version_number == 3 and .length == 12'
call "$operator" DELETE "/file_versions/$first"
check delete_version is 204

# Comments and tags
call "$operator" POST "/folder_entries/$entry/replies" "${json[@]}" -d '{"description":{"text":"Looks good"}}'
check comment answers 200 '.title == "Re: Scan # 1.bin" and .entry_type == "reply"'
reply=$(get .id)
call "$operator" POST "/replies/$reply/replies" "${json[@]}" -d '{"description":{"text":"Thanks"}}'
check answer_comment answers 200 ".parent_entry.id == $reply and .top_entry.id == $entry"
call "$operator" GET "/folder_entries/$entry/reply_tree"
check comment_tree answers 200 '.children[0].children[0].item.description.text == "Thanks"'
call "$operator" POST "/folder_entries/$entry/tags" "${json[@]}" -d '{"name":"legal-hold","public":true}'
check tag answers 200 '.items[0].name == "legal-hold"'
call "$operator" DELETE "/folder_entries/$entry/tags"
check untag is 204

# People
call "$operator" GET '/principals?keyword=Jo*'
check principals answers 200 '.total == 1 and .items[0].email_address'
colleague=$(get '.items[0].id')
call "$operator" GET '/groups?name=auditors'
check groups answers 200 '.total == 1'
group=$(get '.items[0].id')
call "$operator" GET '/self/my_teams/binders'
team=$(get '.items[0].id')

# Shares
share() { call "$operator" POST "$1" "${json[@]}" -d "$2"; }
share "/folders/$folder/shares" "{\"recipient\":{\"type\":\"user\",\"id\":\"$colleague\"},\"access\":{\"role\":\"EDITOR\"},\"days_to_expire\":14,\"comment\":\"Please review\"}"
check share_with_user answers 200 ".recipient.id == $colleague and .access.role == \"EDITOR\" and .days_to_expire == 14 and .expiration"
old=$(get .id)
share "/folders/$folder/shares" "{\"recipient\":{\"type\":\"group\",\"id\":$group},\"access\":{\"role\":\"VIEWER\"}}"
check share_with_group answers 200 '.recipient.type == "group" and (has("expiration") | not)'
share "/folders/$folder/shares" "{\"recipient\":{\"type\":\"team\",\"id\":$team},\"access\":{\"role\":\"VIEWER\"}}"
check share_with_team answers 200 '.recipient.type == "team"'
share "/folders/$folder/shares?notify=true" "{\"recipient\":{\"type\":\"external_user\",\"email\":\"$supplier\"},\"access\":{\"role\":\"CONTRIBUTOR\"}}"
check share_outside answers 200 '.recipient.type == "external_user" and .recipient.id'
share "/folder_entries/$entry/shares" '{"recipient":{"type":"public"},"access":{"role":"VIEWER"}}'
check share_with_all answers 200 '.recipient.type == "public"'
share "/folder_entries/$entry/shares?notify=true&notify_address=a@partner.example" '{"recipient":{"type":"public_link"}}'
check public_link answers 200 '.permalinks[0].rel == "download"'
link=$(get '.permalinks[0].href') linked=$(get .id)
call "$operator" POST "/shares/$linked" "${json[@]}" -d '{"days_to_expire":7}'
check public_link_expiry answers 200 ".id != $linked and .days_to_expire == 7"
status=$(curl -s -o "$dir/body" -w '%{http_code}' "$link")
check public_link_anonymous cmp "$dir/body" "$dir/big"
share "/folders/$folder/shares" '{"recipient":{"type":"public_link"}}'
check public_link_of_folder answers 400 '.code == "BAD_INPUT"'
share "/folders/$folder/shares" '{"recipient":{"type":"external_user","email":"x@blocked.example"},"access":{"role":"VIEWER"}}'
check blocked_address answers 403 '.code == "INVALID_EMAIL_ADDRESS"'
call "$operator" POST "/shares/$old" "${json[@]}" -d '{"access":{"role":"VIEWER"}}'
check update_share answers 200 ".id != $old and .access.role == \"VIEWER\" and .recipient.id == $colleague"
new=$(get .id)
call "$operator" DELETE "/shares/$old" -H 'Content-Type: application/json'
check old_share_is_gone answers 404 '.code == "SHAREITEM_NOT_FOUND"'
call "$reviewer" GET "/files/$file/metadata"
check recipient_reads answers 200 '.name'
call "$reviewer" POST "/files/$file?force_overwrite=true" "${bytes[@]}" -d x
check recipient_may_not_write answers 403 '.code == "ACCESS_DENIED"'
call "$supplier" POST "/folders/$folder/library_files?file_name=offer.txt" "${bytes[@]}" -d 'an offer'
check supplier_uploads answers 200 '.name == "offer.txt"'
call "$auditor" GET "/folders/$folder/access"
check auditor_looks answers 200 '.role == "VIEWER"'
call "$reviewer" GET /self/shared_with_me
shared=$(get '.links[] | select(.rel == "library_children").href')
call "$reviewer" GET "$shared"
check shared_with_me answers 200 ".items[] | select(.id == $folder).shares[0].id"
call "$operator" GET "/folders/$folder/shares"
check own_shares answers 200 '.total == 4'
call "$operator" GET "/shares/by_user/$me"
check shares_by_user answers 200 '.total >= 6'
call "$operator" POST /shares --data "id=$new&id=999999&notify=true"
check notify_again answers 200 'length == 1 and .[0].code == "SHAREITEM_NOT_FOUND"'
call "$operator" DELETE "/shares/$new" -H 'Content-Type: application/json'
check unshare is 204
call "$reviewer" GET /admin/shares
check admin_only answers 403 '.code == "ACCESS_DENIED"'
call "$admin" GET '/admin/shares?include_expired=true'
check admin_shares answers 200 '.total > 6'

# Search and changes
call "$operator" GET "$search?keyword=offer*&recursive=true"
check search answers 200 '[.items[].name] | index("offer.txt")'
call "$operator" GET "$search?keyword=*offer"
check search_wild_card answers 400 '.code == "SEARCH_INVALID_WILD_CARD"'
call "$operator" GET "$changes?recursive=true"
check changes answers 200 ".last_change_date and ([.items[] | select(.id == \"$file\")] | length == 1)"
since=$(get .last_change_date)

# Moves and the end
call "$operator" POST "/files/$copy/name" --data-urlencode 'name=moved.txt'
check rename_file answers 200 '.name == "moved.txt"'
call "$operator" POST "/files/$copy/parent_folder" --data-urlencode "folder_id=$folder"
check move_file answers 200 ".parent_binder.id == $folder"
call "$operator" POST "/folders/$drafts/parent_binder" --data-urlencode 'binder_id=-100'
check move_folder answers 200 '.parent_binder.id == -100'
call "$operator" DELETE "/files/$copy?version=9"
check delete_wrong_version answers 409 '.code == "FILE_VERSION_CONFLICT"'
call "$operator" DELETE "/files/$copy"
check delete_to_trash is 204
call "$operator" GET "/files/$copy/metadata"
check trashed_is_gone answers 404 '.code == "FILE_NOT_FOUND"'
call "$operator" GET "$changes?since=$since"
check deletion_in_changes answers 200 "[.items[] | select(.id == \"$copy\" and .action == \"delete\")] | length == 1"
call "$operator" DELETE "/folders/$folder?only_if_empty=true"
check delete_only_if_empty answers 409 '.code == "BINDER_NOT_EMPTY"'
call "$operator" DELETE "/folders/$folder?purge=true"
check purge_folder is 204
call "$operator" DELETE "/folders/$drafts"
check delete_folder is 204
status=$(curl -s -o "$dir/body" -w '%{http_code}' "$link")
check link_ends_with_file is 404
call "$operator" GET "/folders/$folder"
check purged_is_gone answers 404 '.code == "FOLDER_NOT_FOUND"'
call "$operator" GET /net_folders
check net_folders answers 200 '.total == 2 and .items[0].mirrored'
drawings=$(get '.items[] | select(.title == "Drawings").id')
call "$operator" POST "/folders/$drawings/library_files?file_name=x.txt" "${bytes[@]}" -d x
check read_only_net_folder answers 403 '.code == "ACCESS_DENIED" or .code == "MIRRORED_ACCESS_DENIED"'
call "$operator" GET / -H 'Accept: application/xml'
check xml grep -q '^<?xml' "$dir/body"

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
