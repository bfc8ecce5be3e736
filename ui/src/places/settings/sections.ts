// The sections of the settings, in their order, with the words by which each is found.
import { Bell, Database, Gauge, Info, KeyRound, LifeBuoy, type LucideIcon, Network, Palette, PanelTop, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { m } from '@/messages';
import { AboutSection } from './about-section';
import { DataSection } from './data-section';
import { DiagnosticsSection } from './diagnostics-section';
import { LimitsSection } from './limits-section';
import { LooksSection } from './looks-section';
import { NetworkSection } from './network-section';
import { NoticesSection } from './notices-section';
import { OperatorSection } from './operator-section';
import type { SectionProps } from './section-props';
import { VaultSection } from './vault-section';
import { WindowSection } from './window-section';

export interface SettingsSection {
  /** As the desk names it where it says that a section cannot be read. */
  id: string;
  title: () => string;
  Icon: LucideIcon;
  /** What stands in it, for the search. */
  words: () => readonly string[];
  Component: (props: SectionProps) => ReactNode;
}

export const sections: readonly [SettingsSection, ...SettingsSection[]] = [
  {
    id: 'limits',
    title: m.settings_limits,
    Icon: Gauge,
    words: () => [m.settings_limits_bandwidth(), m.settings_limits_files(), m.settings_limits_per_connection(), m.settings_limits_timetable(), m.settings_limits_for_now()],
    Component: LimitsSection,
  },
  {
    id: 'network',
    title: m.settings_network,
    Icon: Network,
    words: () => [m.network_proxy(), m.network_url(), m.network_password(), m.network_except(), m.network_ca()],
    Component: NetworkSection,
  },
  {
    id: 'vault',
    title: m.settings_vault,
    Icon: KeyRound,
    words: () => [m.vault_passphrase(), m.vault_kind_keyring(), m.vault_kind_file(), m.vault_move_title()],
    Component: VaultSection,
  },
  {
    id: 'history',
    title: m.settings_data,
    Icon: Database,
    words: () => [m.data_folder(), m.data_copy_now(), m.data_check_now(), m.data_keep(), m.data_move_title()],
    Component: DataSection,
  },
  {
    id: 'notices',
    title: m.settings_notices,
    Icon: Bell,
    words: () => [m.notices_run_ended(), m.notices_needs_someone(), m.notices_failures(), m.notices_quiet()],
    Component: NoticesSection,
  },
  {
    id: 'window',
    title: m.settings_window,
    Icon: PanelTop,
    words: () => [m.window_on_close(), m.window_tray(), m.window_start_hidden()],
    Component: WindowSection,
  },
  {
    id: 'appearance',
    title: m.settings_looks,
    Icon: Palette,
    words: () => [m.looks_language(), m.looks_theme(), m.looks_size(), m.looks_still()],
    Component: LooksSection,
  },
  {
    id: 'operator',
    title: m.settings_operator,
    Icon: UserRound,
    words: () => [m.operator_name()],
    Component: OperatorSection,
  },
  {
    id: 'diagnostics',
    title: m.settings_diagnostics,
    Icon: LifeBuoy,
    words: () => [m.diagnostics_make(), m.said_title()],
    Component: DiagnosticsSection,
  },
  {
    id: 'about',
    title: m.settings_about,
    Icon: Info,
    words: () => [m.about_version(), m.about_licence(), m.about_others()],
    Component: AboutSection,
  },
];

function plain(text: string): string {
  return text.toLocaleLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
}

/** The sections in which every word that was typed stands somewhere. */
export function find(typed: string): readonly SettingsSection[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return sections;
  return sections.filter((section) => {
    const text = plain([section.title(), ...section.words()].join(' '));
    return words.every((word) => text.includes(word));
  });
}

/** What in a section the words fit, to be said beside it. */
export function hits(section: SettingsSection, typed: string): readonly string[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return section.words().filter((text) => words.some((word) => plain(text).includes(word)));
}
