import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type ConnectionDraftView, type PickView, type TestReportView, type TestStepView } from '@/ipc';
import { keys } from './keys';

export const about = queryOptions({ queryKey: keys.about, queryFn: () => desk().about() });

export const connectorSpecs = queryOptions({ queryKey: keys.specs, queryFn: () => desk().connectionSpecs() });

export const connections = queryOptions({ queryKey: keys.connections, queryFn: () => desk().connections() });

export const addConnection = mutationOptions({ mutationFn: (draft: ConnectionDraftView) => desk().addConnection(draft) });

export const testConnection = mutationOptions({
  mutationFn: ({ id, tell }: { id: string; tell: (step: TestStepView) => void }) => desk().testConnection(id, tell),
});

/** The test that follows an addition: started at once, again after each answer, never kept. */
export const testOfNew = (id: string, tellStep: (step: TestStepView) => void, tell: (report: TestReportView) => void) =>
  queryOptions({
    queryKey: ['test-of-new', id],
    queryFn: async () => {
      const report = await desk().testConnection(id, tellStep);
      tell(report);
      return report;
    },
    gcTime: 0,
  });

export const removeConnection = mutationOptions({ mutationFn: (id: string) => desk().removeConnection(id) });

/** Opens the encrypted file of secrets; whether the passphrase is right shows with the next secret. */
export const openVault = mutationOptions({ mutationFn: (passphrase: string) => desk().openVault(passphrase) });

/** The operating system's own picker; empty where it was closed. */
export const pickPaths = mutationOptions({ mutationFn: (pick: PickView) => desk().pickPaths(pick) });
