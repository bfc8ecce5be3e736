import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { formatBytes } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { CommandPalette, type PaletteItem } from '@/kit/command-palette';
import { endName, locale, locales, m, stateWord } from '@/messages';
import { type Command, titleOf, useOffered, wordsOf } from '@/parts/commands';
import { closeDialog } from '@/parts/open-dialog';
import { recentlyChosen, rememberChosen } from '@/parts/remembered';
import type { PlaceSearch } from '@/parts/place';
import { connections as connectionsQuery, foundTransfers, runs as runsQuery } from '@/queries';
import { places } from './places';

/** Long enough for a word to be typed through, short enough not to be felt. */
const PAUSE = 120;

interface Line extends PaletteItem {
  run: () => void;
}

/** Finds places, connections, runs, transfers of the whole history and commands, and goes there or does it. */
export function Palette() {
  const [typed, setTyped] = useState('');
  const asked = useSettled(typed.trim(), PAUSE);
  const found = useQuery({ ...foundTransfers(asked), enabled: asked.length > 1, placeholderData: keepPreviousData });
  const where = usePlaceLines();
  const commands = useCommandLines();
  const things = useThingLines();
  const go = useGo();
  // What was found for an earlier text stays only where it fits this one too.
  const current = found.data !== undefined && !found.isPlaceholderData && asked === typed.trim();
  const transfers: Line[] = (asked.length > 1 ? (found.data ?? []) : []).map((one) => ({
    id: `transfer:${one.id}`,
    section: m.palette_transfers(),
    label: shownName(one.name),
    detail: [stateWord(one.state), endName(one.destination), formatBytes(one.size, locale())].join(', '),
    found: current,
    run: () => go('/transfers', { find: typed.trim(), chosen: one.id }),
  }));
  const lines = [...where, ...commands, ...things, ...transfers];
  return (
    <CommandPalette
      label={m.palette_label()}
      items={lines}
      recent={recentlyChosen()}
      recentTitle={m.palette_recent()}
      emptyText={m.palette_empty()}
      onType={setTyped}
      busy={typed.trim().length > 1 && !current && !found.isError}
      busyText={m.palette_busy()}
      onClose={closeDialog}
      onChoose={(id) => {
        rememberChosen(id);
        lines.find((line) => line.id === id)?.run();
      }}
    />
  );
}

function useGo() {
  const navigate = useNavigate();
  return (path: string, search: PlaceSearch = {}) => void navigate({ to: path as '/transfers', search });
}

/** A place is found by its name in every language. */
function usePlaceLines(): Line[] {
  const go = useGo();
  return places.map((place, at) => ({
    id: `place:${place.path}`,
    section: m.places(),
    label: place.title(),
    words: locales.map((language) => place.title({}, { locale: language })),
    keys: `Ctrl ${at + 1}`,
    run: () => go(place.path),
  }));
}

/** What can be done now; the place's own commands stand before those of everywhere. */
function useCommandLines(): Line[] {
  const offers = useOffered();
  const sorted = [...offers.filter((one) => one.reach === 'here'), ...offers.filter((one) => one.reach === 'everywhere')];
  const offered = sorted.flatMap((one) => one.commands).filter((command) => command.enabled !== false && command.keyOnly !== true);
  const first = new Map<string, Command>();
  for (const command of offered) if (!first.has(command.id)) first.set(command.id, command);
  return [...first.values()].map((command) => ({
    id: command.id,
    section: command.group ?? m.palette_commands(),
    label: titleOf(command),
    words: wordsOf(command, locales),
    keys: command.keys?.split(/ {2,}/)[0],
    run: command.run,
  }));
}

function useThingLines(): Line[] {
  const go = useGo();
  const connections = useQuery(connectionsQuery).data ?? [];
  const runs = useQuery(runsQuery).data ?? [];
  return [
    ...connections.map((one) => ({
      id: `connection:${one.id}`,
      section: m.place_connections(),
      label: shownName(one.name),
      words: [one.kind, ...one.settings.map((setting) => setting.value)],
      run: () => go('/connections', { chosen: one.id }),
    })),
    ...runs.map((one) => ({
      id: `run:${one.id}`,
      section: m.palette_runs(),
      label: shownName(one.title),
      run: () => go('/transfers', { run: one.id }),
    })),
  ];
}

/** A text once it has not changed for a while. */
function useSettled(text: string, pause: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text, pause]);
  return settled;
}
