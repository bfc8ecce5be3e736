import type { ReactNode } from 'react';
import type { FailureView } from '@/ipc';
import { Button } from '@/kit/button';
import { describeFailure, isVaultClosedFailure, m, type Remedy } from '@/messages';
import { openVaultQuestion } from '@/parts/open-dialog';
import { settingsLabel, type SettingsWay, useSettingsWay } from '@/parts/settings-ways';

const isSetting = (remedy: Remedy): remedy is SettingsWay => remedy === 'secrets' || remedy === 'network';

/** What mends a failure that the connection's own settings do not cause; `children` where they may. */
export function FailureWays({ failure, children }: { failure: FailureView | null; children: ReactNode }) {
  const toSettings = useSettingsWay();
  if (failure === null) return children;
  if (isVaultClosedFailure(failure)) return <Button onPress={openVaultQuestion}>{m.shell_vault_open()}</Button>;
  const ways = describeFailure(failure, { name: '', source: '', destination: '' }).remedies.filter(isSetting);
  if (ways.length === 0) return children;
  return ways.map((way) => (
    <Button key={way} onPress={() => toSettings(way)}>
      {settingsLabel(way)}
    </Button>
  ));
}
