// Runs npm @kweli/cs-rest against the content server stand-in: it adopts the ticket of each answer, writes in multipart forms
// only, and uses both versions of the interface.
//
//     xecm.mjs BASE_URL USERNAME PASSWORD

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capability, finish, must, require } from "./capabilities.mjs";

const { Session } = require("@kweli/cs-rest");
const [baseURL, username, password] = process.argv.slice(2);
const session = new Session({ baseURL, username, password });
const folder = mkdtempSync(join(tmpdir(), "cs-rest-"));
const file = join(folder, "bericht.txt");
writeFileSync(file, "Bericht\n");
const name = 'Räumung "7"; ein + zwei.txt';
const state = {};

await capability("sign-in", async () => must((await session.auth.auth()).data.data.name === username, "somebody else"));

await capability("addFolder", async () => {
  const answer = await session.nodes.addFolder(2000, `cs-rest ${Date.now()}`);
  state.folder = answer.data.results.data.properties.id;
});

await capability("addDocument by both versions", async () => {
  const first = await session.nodes.addDocument({ parent_id: state.folder, fileHandler: file, name, apiVersion: "v1" });
  state.file = first.data.id;
  const second = await session.nodes.addDocument({ parent_id: state.folder, fileHandler: file, name: "two", apiVersion: "v2" });
  must(second.data.results.data.properties.type === 144, JSON.stringify(second.data));
  const found = await session.nodes.node({ dataid: state.file });
  must(found.data.results.data.properties.name === name, found.data.results.data.properties.name);
});

await capability("addVersion by both versions", async () => {
  const first = await session.versions.addVersion({ dataid: state.file, fileHandler: file, apiVersion: "v1" });
  must(first.data.version_number === 2, JSON.stringify(first.data));
  const second = await session.versions.addVersion({ dataid: state.file, fileHandler: file, apiVersion: "v2" });
  must(second.data.results.data.versions.version_number === 3, JSON.stringify(second.data));
  must((await session.versions.version(state.file)).data.data.version_number === 3, "the latest is another one");
});

await capability("addDocumentMajor", async () => {
  await session.nodes.addDocumentMajor({ parent_id: state.folder, fileHandler: file, name: "major", description: "first" });
});

await capability("versions are deleted and purged", async () => {
  await session.versions.deleteVersion({ dataid: state.file, versionNumber: 1 });
  await session.versions.purge({ dataid: state.file });
  must((await session.versions.list(state.file)).data.data.length === 1, "more than one is left");
});

await capability("both downloads", async () => {
  const target = join(folder, "back");
  await session.nodes.download({ dataid: state.file, filePath: target });
  must(readFileSync(target, "utf8") === "Bericht\n", "other bytes");
  await session.versions.download({ dataid: state.file, version: 3, filePath: target });
  must(readFileSync(target, "utf8") === "Bericht\n", "other bytes");
});

await capability("children, ancestors, volumes, what can be added", async () => {
  const page = await session.nodes.children(state.folder, { limit: 1, page: 2, where_type: 144, fields: ["properties{id,name}"] });
  must(page.data.results.length === 1 && page.data.collection.paging.total_count === 3, JSON.stringify(page.data.collection));
  const trail = (await session.nodes.ancestors(state.file)).data.ancestors.map((one) => one.id);
  must(String(trail) === String([2000, state.folder, state.file]), trail);
  must((await session.nodes.volumeInfo(141)).data.data.id === 2000, "another volume");
  must((await session.nodes.addablenodetypes(state.folder)).data.data, "nothing can be added");
});

await capability("audit by both versions", async () => {
  const first = (await session.nodes.audit({ dataid: state.file, apiVersion: "v1" })).data;
  const second = (await session.nodes.audit({ dataid: state.file })).data;
  must(first.total === first.data.length && second.results.data.audit.length === first.total, JSON.stringify(first));
});

await capability("search and regions", async () => {
  for (let tries = 0; tries < 40; tries += 1) {
    const found = (await session.search.search(`OTDataID: ${state.file}`, { limit: 2 })).data;
    if (found.results.length) return must((await session.search.regions()).data.data[0].name === "OTName", "no regions");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("it was not found");
});

await capability("members", async () => {
  const found = (await session.members.userQuery("cle")).data.results.map((row) => row.data.properties.name);
  must(found.includes("clerk"), found);
});

await capability("delete", async () => {
  await session.nodes.delete(state.file);
  const gone = await session.nodes.node({ dataid: state.file }).catch((error) => error.response.status);
  must(gone === 400, gone);
});

rmSync(folder, { recursive: true });
finish();
