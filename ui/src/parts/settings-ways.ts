// The ways to where a person sets right what no connection can: which proxy, which vault.
import { useNavigate } from '@tanstack/react-router';
import { m, type Remedy } from '@/messages';

/** A section of the settings. */
export type SettingsWay = Extract<Remedy, 'secrets' | 'network'>;

const SECTIONS: Record<SettingsWay, { id: string; label: () => string }> = {
  secrets: { id: 'vault', label: m.open_secrets_settings },
  network: { id: 'network', label: m.open_proxy_settings },
};

export function settingsLabel(way: SettingsWay): string {
  return SECTIONS[way].label();
}

/** Goes there. */
export function useSettingsWay(): (way: SettingsWay) => void {
  const navigate = useNavigate();
  return (way) => void navigate({ to: '/settings' as '/transfers', search: { chosen: SECTIONS[way].id } });
}
