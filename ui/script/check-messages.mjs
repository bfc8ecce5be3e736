// Compares the languages: a key or placeholder that one of them lacks ends the build.
import { readFileSync } from 'node:fs';

const languages = ['en', 'de'];
const files = Object.fromEntries(
  languages.map((language) => [
    language,
    JSON.parse(readFileSync(new URL(`../src/messages/${language}.json`, import.meta.url), 'utf8')),
  ]),
);

/** Every text of a message, whether it is a plain one or has variants. */
function texts(message) {
  return typeof message === 'string' ? [message] : message.flatMap((variant) => Object.values(variant.match));
}

function placeholders(message) {
  const names = texts(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]));
  return [...new Set(names)].sort().join(',');
}

const problems = [];
for (const language of languages) {
  for (const key of Object.keys(files.en)) {
    if (key.startsWith('$')) continue;
    const message = files[language][key];
    if (message === undefined) problems.push(`${language}.json lacks "${key}"`);
    else if (texts(message).some((text) => text.trim() === '')) problems.push(`${language}.json: "${key}" is empty`);
    else if (placeholders(message) !== placeholders(files.en[key]))
      problems.push(`${language}.json: "${key}" has other placeholders than en.json`);
  }
  for (const key of Object.keys(files[language]))
    if (!(key in files.en)) problems.push(`${language}.json has "${key}", which en.json lacks`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
