// What each client's script prints: a line for each capability that was tried, and the count at the end.

import { createRequire } from "node:module";

// The packages lie where the script is started.
export const require = createRequire(`${process.cwd()}/`);

const counts = { passed: 0, failed: 0 };

/// Runs the work; a failed one hides no other.
export async function capability(name, work) {
  try {
    await work();
    counts.passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAIL ${name}: ${error?.message ?? error} ${error?.error ?? ""}`.slice(0, 300).replaceAll("\n", " "));
  }
}

export function must(fact, what) {
  if (!fact) throw new Error(what);
}

/// Prints the count and ends the script, with 1 where one failed.
export function finish() {
  console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`);
  process.exit(counts.failed ? 1 : 0);
}
