import type { SettingsView } from '@/ipc';

/** What every section is drawn from. */
export interface SectionProps {
  settings: SettingsView;
}
