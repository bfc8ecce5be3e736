"""Runs opensearch-py, as it comes from PyPI, against the search catalogue on the other side of the generic adapter.

    opensearch_catalogue.py BASE_URL

Prints a line for each capability, and exits with 1 where one failed.
"""

import sys

from capabilities import capability, finish
from opensearchpy import OpenSearch, exceptions, helpers

INDEX = "python-items"
catalogue = OpenSearch(sys.argv[1], http_compress=True)


def refused(kind, error, work):
    try:
        work()
    except kind as refusal:
        assert refusal.error == error, refusal
        return
    raise AssertionError(f"{error} was expected")


@capability("info, ping and the cluster's health")
def _():
    assert catalogue.ping() and catalogue.info()["version"]["distribution"] == "opensearch"
    assert catalogue.cluster.health()["status"] == "green"


@capability("an index is made and described")
def _():
    assert not catalogue.indices.exists(index=INDEX)
    mappings = {"properties": {"title": {"type": "text"}, "kind": {"type": "keyword"}}}
    made = catalogue.indices.create(index=INDEX, body={"settings": {"index": {"number_of_shards": 1}}, "mappings": mappings})
    assert made["acknowledged"] and catalogue.indices.exists(index=INDEX)
    catalogue.indices.put_mapping(index=INDEX, body={"properties": {"size": {"type": "long"}}})
    told = catalogue.indices.get_mapping(index=INDEX)[INDEX]["mappings"]["properties"]
    assert told == {**mappings["properties"], "size": {"type": "long"}}, told
    refused(exceptions.RequestError, "resource_already_exists_exception", lambda: catalogue.indices.create(index=INDEX))


@capability("the bulk helper, compressed")
def _():
    rows = [{"_index": INDEX, "_id": number, "title": f"Räumung {number}", "kind": "even" if number % 2 == 0 else "odd", "size": number} for number in range(300)]
    done, errors = helpers.bulk(catalogue, rows, refresh=True)
    assert done == 300 and not errors
    assert catalogue.count(index=INDEX)["count"] == 300


@capability("the bulk helper makes the index that is not there")
def _():
    helpers.bulk(catalogue, [{"_index": "python-new", "_id": "1", "title": "x"}], refresh=True)
    assert catalogue.indices.exists(index="python-new")


@capability("searches by words, terms and ids, in pages and in order")
def _():
    ids = lambda **body: [hit["_id"] for hit in catalogue.search(index=INDEX, body=body)["hits"]["hits"]]
    order = [{"size": {"order": "desc"}}]
    assert ids(query={"term": {"kind": "even"}}, sort=order, size=2) == ["298", "296"]
    assert ids(query={"match_all": {}}, sort=order, **{"from": 298}) == ["1", "0"]
    assert ids(query={"match": {"title": {"query": "räumung 17", "operator": "and"}}}) == ["17"]
    assert ids(query={"ids": {"values": ["5", "none"]}}) == ["5"]
    whole = catalogue.search(index=INDEX, body={"query": {"range": {"size": {"lt": 100}}}}, size=0)
    assert whole["hits"]["total"] == {"value": 100, "relation": "eq"}, whole


@capability("one document written, read, changed and removed")
def _():
    assert catalogue.index(index=INDEX, id="ü/1", body={"title": "one"}, refresh=True)["result"] == "created"
    assert catalogue.get(index=INDEX, id="ü/1")["_source"] == {"title": "one"}
    assert catalogue.update(index=INDEX, id="ü/1", body={"doc": {"kind": "odd"}})["result"] == "updated"
    refused(exceptions.ConflictError, "version_conflict_engine_exception", lambda: catalogue.create(index=INDEX, id="ü/1", body={}))
    assert catalogue.delete(index=INDEX, id="ü/1")["result"] == "deleted"
    assert not catalogue.exists(index=INDEX, id="ü/1")


@capability("what is not there and what cannot be asked")
def _():
    refused(exceptions.NotFoundError, "index_not_found_exception", lambda: catalogue.search(index="nowhere"))
    refused(exceptions.RequestError, "parsing_exception", lambda: catalogue.search(index=INDEX, body={"query": {"fuzzily": {}}}))
    refused(exceptions.RequestError, "search_phase_execution_exception", lambda: catalogue.search(index=INDEX, body={"sort": ["nowhere"]}))
    assert catalogue.indices.delete(index=f"{INDEX},python-new")["acknowledged"]


finish()
