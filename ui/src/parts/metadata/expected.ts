// What a folder asks of the files that are put into it, as far as it can be asked.
import type { QueryClient } from '@tanstack/react-query';
import type { ConnectionView, ConnectorSpecView, ExpectedFormView, PlaceView } from '@/ipc';
import { connections, connectorSpecs, formsExpected } from '@/queries';

/** A remote that says nothing for so long does not keep files from being sent: the transfer tells what it wants. */
const ANSWERS_MS = 20_000;

/** Whether files of a connection carry forms; nothing is known before both lists are. */
export function carriesForms(connection: string | null, all: readonly ConnectionView[] | undefined, specs: readonly ConnectorSpecView[] | undefined): boolean | null {
  if (connection === null) return false;
  if (!all || !specs) return null;
  const kind = all.find((one) => one.id === connection)?.kind;
  return specs.some((one) => one.kind === kind && one.forms);
}

/** The same, without asking anybody. */
export const knownToCarry = (client: QueryClient, connection: string | null): boolean | null =>
  carriesForms(connection, client.getQueryData(connections.queryKey), client.getQueryData(connectorSpecs.queryKey));

/** Never fails: a folder that cannot be asked expects nothing. */
export async function expectedAt(client: QueryClient, folder: PlaceView): Promise<readonly ExpectedFormView[]> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<readonly ExpectedFormView[]>((resolve) => {
    late = setTimeout(() => resolve([]), ANSWERS_MS);
  });
  const asking = async () => {
    const carries = carriesForms(folder.connection, ...(await Promise.all([client.ensureQueryData(connections), client.ensureQueryData(connectorSpecs)])));
    return carries ? client.fetchQuery(formsExpected(folder)) : [];
  };
  try {
    return await Promise.race([asking(), patience]);
  } catch {
    return [];
  } finally {
    clearTimeout(late);
  }
}
