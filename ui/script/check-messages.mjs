// Compares the languages: a key or placeholder that one of them lacks ends the build.
import { readdirSync, readFileSync } from 'node:fs';

const languages = ['en', 'de'];
const settings = JSON.parse(readFileSync(new URL('../project.inlang/settings.json', import.meta.url), 'utf8'));
const named = new Set(settings['plugin.inlang.messageFormat'].pathPattern.map((path) => path.split('/').pop()));
const problems = [];

/** All messages of a language. A key stands in one file, and every file is named in the settings. */
function read(language) {
  const folder = new URL(`../src/messages/${language}/`, import.meta.url);
  const all = {};
  for (const file of readdirSync(folder)) {
    if (!named.has(file)) problems.push(`${language}/${file} is not named in project.inlang/settings.json`);
    const messages = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    for (const [key, message] of Object.entries(messages)) {
      if (key.startsWith('$')) continue;
      if (key in all) problems.push(`${language}/${file} repeats "${key}"`);
      all[key] = message;
    }
  }
  return all;
}

const files = Object.fromEntries(languages.map((language) => [language, read(language)]));

/** Every text of a message, whether it is a plain one or has variants. */
function texts(message) {
  return typeof message === 'string' ? [message] : message.flatMap((variant) => Object.values(variant.match));
}

function placeholders(message) {
  const names = texts(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]));
  return [...new Set(names)].sort().join(',');
}

for (const language of languages) {
  for (const key of Object.keys(files.en)) {
    const message = files[language][key];
    if (message === undefined) problems.push(`${language} lacks "${key}"`);
    else if (texts(message).some((text) => text.trim() === '')) problems.push(`${language}: "${key}" is empty`);
    else if (placeholders(message) !== placeholders(files.en[key]))
      problems.push(`${language}: "${key}" has other placeholders than en`);
  }
  for (const key of Object.keys(files[language]))
    if (!(key in files.en)) problems.push(`${language} has "${key}", which en lacks`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
