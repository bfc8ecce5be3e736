#!/usr/bin/env node
// Completes ui/package-lock.json after a change of ui/package.json. npm leaves out the packages of other platforms that the
// registry at hand does not offer, and then refuses the file that it wrote itself. Each is entered with the exact version
// that its owner asks for; npm checks the rest when it is installed there.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../ui/package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'aix', 'sunos', 'netbsd', 'openbsd'];
const processors = { arm: 'arm', arm64: 'arm64', armv7: 'arm', x64: 'x64', ia32: 'ia32', ppc64: 'ppc64', riscv64: 'riscv64', s390x: 's390x', loong64: 'loong64' };

// `@scope/binding-linux-arm-musleabihf`: the system, the processor and the C library stand in the name.
function platform(name) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.map((word) => processors[word]).find(Boolean);
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : null;
  return { ...(cpu && { cpu: [cpu] }), ...(os === 'linux' && libc && { libc: [libc] }), ...(os && { os: [os] }) };
}

let added = 0;
for (const [path, owner] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const known = [`node_modules/${name}`, `${path}/node_modules/${name}`].some((place) => lock.packages[place]);
    if (known) continue;
    if (!/^\d+\.\d+\.\d+/.test(version) || !platform(name).os) {
      console.error(`${name} ${version}, asked for by ${path}, is no exact version for one platform: add it by hand`);
      process.exitCode = 1;
      continue;
    }
    lock.packages[`node_modules/${name}`] = { version, ...platform(name), ...(owner.dev && { dev: true }), optional: true };
    added += 1;
  }
}
const byPath = ([a], [b]) => (a < b ? -1 : 1);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to ui/package-lock.json`);
