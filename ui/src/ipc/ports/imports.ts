// Bringing in what other tools have.
import type { ImportOfferView, ImportOutcomeView, ImportPickView, ImportPreviewView, ImportSourceView } from '../bindings';

export interface ImportCalls {
  importOffers(): Promise<ImportOfferView[]>;
  /** Without a file the usual ones are looked into. */
  lookAtImport(source: ImportSourceView, file: string | null): Promise<ImportPreviewView>;
  addImported(source: ImportSourceView, file: string | null, digest: string, picks: ImportPickView[]): Promise<ImportOutcomeView[]>;
}
