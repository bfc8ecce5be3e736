// The approved pictures in ui/pictures, and what a new one is found to be beside them. An approved picture is a PNG of few
// colours that anybody can open; it says of itself what drew it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { differ, differRoughly, pictureOf, standsFor } from './compare.mjs';
import { readNote, withNote } from './png-note.mjs';
import sharp from 'sharp';

export class Album {
  #approved;
  #screens;
  #drawnBy;
  #compare;
  #update;
  /** What each picture was last found to be; a second take of one replaces its first. */
  #found = new Map();

  /** Folders of approved and of new pictures, what draws the new ones, and whether these are judged or approved. */
  constructor({ approved, screens, drawnBy, compare, update }) {
    this.#approved = approved;
    this.#screens = screens;
    this.#drawnBy = drawnBy;
    this.#compare = compare;
    this.#update = update;
    mkdirSync(approved, { recursive: true });
  }

  /** Whether new pictures are judged by the approved ones. */
  get compares() {
    return this.#compare && !this.#update;
  }

  /** Keeps a new picture; answers what is wrong with it. */
  async take(name, png) {
    writeFileSync(`${this.#screens}${name}.png`, png);
    rmSync(`${this.#screens}${name}.diff.png`, { force: true });
    if (!this.#compare && !this.#update) return [];
    const fault = await this.#judge(name, png);
    if (!this.#update) return fault === null ? [] : [fault];
    if (fault !== null) await this.#approve(name, png);
    return [];
  }

  async #judge(name, png) {
    const file = this.#file(name);
    if (!existsSync(file)) {
      this.#found.set(name, { is: 'new' });
      return 'nobody has approved a picture of it: look at it, then approve it with --update';
    }
    const old = readFileSync(file);
    const same = readNote(old) === this.#drawnBy;
    const found = await (same ? differ : differRoughly)(await pictureOf(old), await pictureOf(png));
    this.#found.set(name, { is: found === null ? 'alike' : 'differ', roughly: !same });
    if (found === null) return null;
    const diff = `${this.#screens}${name}.diff.png`;
    writeFileSync(diff, await found.picture());
    return `${found.text}; see ${diff}, and approve it with --update if it is right`;
  }

  async #approve(name, png) {
    // 256 colours: no eye finds a difference, and it is a third of the size. A few scenes have more than those can say.
    const few = await sharp(png).png({ palette: true, dither: 0, effort: 10, compressionLevel: 9 }).toBuffer();
    const enough = await standsFor(await pictureOf(few), await pictureOf(png));
    const kept = enough ? few : await sharp(png).png({ compressionLevel: 9 }).toBuffer();
    writeFileSync(this.#file(name), withNote(kept, this.#drawnBy));
    this.#found.get(name).approved = true;
  }

  /** Approved pictures that are none of these; an approving run drops them. */
  orphans(names) {
    if (!this.#compare && !this.#update) return [];
    const known = new Set(names.map((name) => `${name}.png`));
    const orphans = readdirSync(this.#approved).filter((file) => !known.has(file));
    if (!this.#update) return orphans;
    for (const file of orphans) rmSync(`${this.#approved}${file}`);
    return [];
  }

  summary() {
    if (!this.#compare && !this.#update) return [];
    const count = (what) => [...this.#found.values()].filter(what).length;
    const are = (word) => count(({ is }) => is === word);
    const approved = count((one) => one.approved);
    const roughly = count((one) => one.roughly);
    const lines = [`${are('alike')} pictures as approved, ${are('differ')} differ, ${are('new')} without an approved one${this.#update ? `; ${approved} approved now` : ''}`];
    if (roughly > 0)
      lines.push(`${roughly} were compared roughly: the approved ones were not drawn by ${this.#drawnBy}, as these are, and letters differ by that. See docs/decisions.`);
    return lines;
  }

  #file(name) {
    return `${this.#approved}${name}.png`;
  }
}
