"""Runs two independent libraries, cloudevents and standardwebhooks, against the receiving side of the generic adapter.

    xconnector.py BASE_URL SIGNING_SECRET

Prints a line for each capability, and exits with 1 where one failed.
"""

import datetime
import json
import sys
import uuid

import requests
from capabilities import capability, finish
from cloudevents.conversion import to_binary, to_structured
from cloudevents.http import CloudEvent, from_json
from standardwebhooks.webhooks import Webhook

base, secret = sys.argv[1:3]


def event():
    return CloudEvent({"type": "app.waybill.item.filed", "source": "urn:waybill:desk", "subject": "item 4711"}, {"vendor": "Brightwell Paper"})


def deliver(headers, body, *, when=None, delivery=None, wrong=False):
    delivery = delivery or str(uuid.uuid4())
    when = when or datetime.datetime.now(datetime.timezone.utc)
    signature = Webhook(secret).sign(delivery, when, body.decode())
    if wrong:
        signature = "v1," + "A" * 43 + "="
    signed = {"webhook-id": delivery, "webhook-timestamp": str(int(when.timestamp())), "webhook-signature": signature}
    return requests.post(f"{base}/events", data=body, headers={**headers, **signed}, timeout=30)


def taken(event_id):
    items = requests.get(f"{base}/events", timeout=30).json()["items"]
    return [item["event"] for item in items if item["event"]["id"] == event_id]


@capability("structured event")
def structured():
    one = event()
    headers, body = to_structured(one)
    answer = deliver(headers, body)
    assert answer.status_code == 202, answer.text
    assert taken(one["id"])[0]["data"] == {"vendor": "Brightwell Paper"}


@capability("binary event")
def binary():
    one = event()
    headers, body = to_binary(one)
    # The library leaves the media type of JSON to whoever sends it.
    answer = deliver({"content-type": "application/json", **headers}, body)
    assert answer.status_code == 202, answer.text
    assert taken(one["id"])[0]["subject"] == "item 4711"


@capability("the same delivery twice")
def twice():
    one = event()
    headers, body = to_structured(one)
    first, second = (deliver(headers, body, delivery="same-" + one["id"]) for _ in range(2))
    assert first.json() == second.json()
    assert len(taken(one["id"])) == 1


@capability("a wrong signature")
def wrong():
    headers, body = to_structured(event())
    assert deliver(headers, body, wrong=True).status_code == 401


@capability("an old signature")
def old():
    headers, body = to_structured(event())
    when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=6)
    assert deliver(headers, body, when=when).status_code == 401


@capability("the feed's items are events")
def feed():
    page = requests.get(f"{base}/feed", timeout=30).json()
    assert page["items"] and not page["page"]["more"]
    for item in page["items"]:
        read = from_json(json.dumps(item))
        assert read["source"] == "urn:example:purchasing"


finish()
