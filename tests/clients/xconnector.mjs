// Runs npm cloudevents and npm @opensearch-project/opensearch against the other side of the generic adapter.
//
//     xconnector.mjs BASE_URL SIGNING_SECRET

import { createHmac, randomUUID } from "node:crypto";
import { capability, finish, must, require } from "./capabilities.mjs";

const { CloudEvent, HTTP } = require("cloudevents");
const { Client } = require("@opensearch-project/opensearch");
const [base, secret] = process.argv.slice(2);
const key = Buffer.from(secret.replace("whsec_", ""), "base64");

async function deliver({ headers, body = "" }) {
  const [id, at] = [randomUUID(), Math.floor(Date.now() / 1000)];
  const signature = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
  const signed = { "webhook-id": id, "webhook-timestamp": `${at}`, "webhook-signature": `v1,${signature}` };
  const answer = await fetch(`${base}/events`, { method: "POST", headers: { ...headers, ...signed }, body });
  must(answer.status === 202, `${answer.status} ${await answer.text()}`);
}

async function taken(id) {
  const { items } = await (await fetch(`${base}/events`)).json();
  return items.find((item) => item.event.id === id).event;
}

const events = {
  "an object": { data: { a: 1 } },
  "a list": { data: [1, 2] },
  "a media type with a parameter": { data: { a: 1 }, datacontenttype: "application/json; charset=utf-8" },
  "no data": {},
  "extensions": { data: {}, traceparent: "00-1-2-00", attempt: 3 },
};

for (const [what, more] of Object.entries(events)) {
  for (const form of ["structured", "binary"]) {
    await capability(`a ${form} event with ${what}`, async () => {
      const event = new CloudEvent({ type: "app.example.filed", source: "/desk", subject: "Räumung 7", ...more });
      const message = HTTP[form](event);
      await deliver(message);
      const there = await taken(event.id);
      if (form === "binary") must(there.datacontenttype === message.headers["content-type"], there.datacontenttype);
      for (const [name, value] of Object.entries(event.toJSON())) {
        if (name === "datacontenttype") continue;
        const same = JSON.stringify(there[name]) === JSON.stringify(value) || String(there[name]) === String(value);
        must(same, `${name} is ${JSON.stringify(there[name])}`);
      }
    });
  }
}

const catalogue = new Client({ node: base });

await capability("the catalogue says what it is", async () => {
  must((await catalogue.info()).body.version.distribution === "opensearch", "something else");
});

await capability("a bulk with every action, and ids that are numbers", async () => {
  const body = [
    { index: { _index: "items", _id: 1 } },
    { a: 1 },
    { create: { _index: "items", _id: "1" } },
    { a: 2 },
    { update: { _index: "items", _id: "2" } },
    { doc: { b: 1 }, doc_as_upsert: true },
    { delete: { _index: "items", _id: "9" } },
  ];
  const answer = (await catalogue.bulk({ body, refresh: true })).body;
  const statuses = answer.items.map((item) => Object.values(item)[0].status);
  must(answer.errors && String(statuses) === "201,409,201,404", JSON.stringify(answer));
  must((await catalogue.get({ index: "items", id: "1" })).body._source.a === 1, "another document");
});

await capability("the bulk helper", async () => {
  const datasource = Array.from({ length: 500 }, (_, number) => ({ id: number, text: "ü".repeat(20) }));
  const onDocument = (document) => ({ index: { _index: "many", _id: document.id } });
  const done = await catalogue.helpers.bulk({ datasource, onDocument, refreshOnCompletion: true });
  must(done.successful === 500 && done.failed === 0, JSON.stringify(done));
  must((await catalogue.count({ index: "many" })).body.count === 500, "not all are there");
});

await capability("one document written and removed", async () => {
  must((await catalogue.index({ index: "items", id: "7", body: { a: 1 } })).statusCode === 201, "not new");
  must((await catalogue.delete({ index: "items", id: "7" })).body.result === "deleted", "not removed");
  must(!(await catalogue.exists({ index: "items", id: "7" })).body, "still there");
});

await capability("an index is made, described and removed", async () => {
  const { indices } = catalogue;
  must(!(await indices.exists({ index: "made" })).body, "there already");
  const mappings = { properties: { title: { type: "text" }, kind: { type: "keyword" }, size: { type: "long" } } };
  must((await indices.create({ index: "made", body: { settings: { number_of_replicas: 0 }, mappings } })).body.acknowledged, "not made");
  must((await indices.exists({ index: "made" })).body, "not there");
  await indices.putMapping({ index: "made", body: { properties: { day: { type: "date" } } } });
  const told = (await indices.getMapping({ index: "made" })).body.made.mappings.properties;
  must(told.day.type === "date" && told.kind.type === "keyword", JSON.stringify(told));
  must((await indices.get({ index: "made" })).body.made.settings.index.number_of_replicas === "0", "other settings");
  must((await catalogue.cluster.health({})).body.status === "green", "the cluster is not well");
});

await capability("a search by match, term, ids and order", async () => {
  const rows = [["1", "Delivery note", "note", 12], ["2", "Invoice Räumung", "invoice", 5], ["3", "Delivery invoice", "invoice", 100]];
  const body = rows.flatMap(([_id, title, kind, size]) => [{ index: { _index: "made", _id } }, { title, kind, size }]);
  must(!(await catalogue.bulk({ body, refresh: true })).body.errors, "the bulk has errors");
  const ids = async (search) => (await catalogue.search({ index: "made", body: search })).body.hits.hits.map((hit) => hit._id).join();
  const order = [{ size: "desc" }];
  must((await ids({ query: { match_all: {} }, sort: order })) === "3,1,2", "another order");
  must((await ids({ query: { match: { title: "räumung" } } })) === "2", "another match");
  must((await ids({ query: { term: { kind: "invoice" } }, sort: order, from: 1, size: 1 })) === "2", "another term");
  must((await ids({ query: { ids: { values: ["1", "9"] } } })) === "1", "other ids");
  must((await catalogue.count({ index: "made", body: { query: { term: { kind: "invoice" } } } })).body.count === 2, "another count");
  const found = (await catalogue.mget({ index: "made", body: { ids: ["1", "9"] } })).body.docs.map((one) => one.found);
  must(String(found) === "true,false", String(found));
});

await capability("a compressed bulk", async () => {
  const small = new Client({ node: base, compression: "gzip" });
  const body = [{ index: { _index: "packed", _id: "1" } }, { text: "ü".repeat(2000) }];
  must(!(await small.bulk({ body })).body.errors, "the bulk has errors");
  must((await small.count({ index: "packed" })).body.count === 1, "not there");
});

await capability("errors by their types", async () => {
  const kind = async (work) => {
    try {
      await work();
    } catch (error) {
      return `${error.statusCode} ${error.body.error.type}`;
    }
    return "no error";
  };
  for (const [wanted, work] of [
    ["404 index_not_found_exception", () => catalogue.search({ index: "nowhere", body: {} })],
    ["400 resource_already_exists_exception", () => catalogue.indices.create({ index: "made" })],
    ["400 parsing_exception", () => catalogue.search({ index: "made", body: { query: { fuzzily: {} } } })],
    ["409 version_conflict_engine_exception", () => catalogue.create({ index: "made", id: "1", body: {} })],
  ]) {
    const told = await kind(work);
    must(told === wanted, `${told}, not ${wanted}`);
  }
  must((await catalogue.indices.delete({ index: "made,packed" })).body.acknowledged, "not removed");
});

finish();
