// One entry: what is told of it, what can be looked at, its versions, tags, records and forms, and a link to it.
import type {
  EntryDetailsView, ExpectedFormView, FilledFormDraft, FormOfEntryView, FormView, LinkView, PairView, PlaceView, PreviewView, RetentionModeView, StampView, TagsSavedView, UnfinishedView, VersionView,
} from '../bindings';

/** Metadata that the remote gives a form. */
export interface FormCalls {
  /** Every form that an entry of the connection may carry. */
  forms(connection: string): Promise<FormView[]>;
  /** The forms that whatever is put into the folder carries; none where the connection has no forms. */
  formsExpected(folder: PlaceView): Promise<ExpectedFormView[]>;
  /** The forms that the entry carries, filled in. */
  entryForms(place: PlaceView): Promise<FormOfEntryView[]>;
  /** Writes the values that are named; the others stay. A form that is not there yet is put on the entry. */
  fillForm(place: PlaceView, form: FilledFormDraft): Promise<null>;
  /** Takes a form off, with its values. */
  takeOffForm(place: PlaceView, form: string): Promise<null>;
}

export interface EntryCalls extends FormCalls {
  /** What the remote tells of an entry, or of one of its versions. */
  entryDetails(place: PlaceView, version: string | null): Promise<EntryDetailsView>;
  /** What of a file can be looked at, if it still is what was `seen`. The look before it is over. */
  preview(place: PlaceView, seen: StampView, ticket: string): Promise<PreviewView>;
  closePreview(ticket: string): Promise<null>;
  /** Where a picture is drawn from. */
  previewAddress(token: string): string;
  /** The bytes of what is looked at. */
  previewBytes(token: string): Promise<Uint8Array>;
  entryVersions(place: PlaceView): Promise<VersionView[]>;
  /** Answers the id of the version that was made of it, by which it is taken back. */
  restoreVersion(place: PlaceView, id: string): Promise<string | null>;
  takeBackVersion(place: PlaceView, made: string): Promise<null>;
  deleteVersion(place: PlaceView, id: string): Promise<null>;
  /** Answers the id of the run. */
  downloadVersion(place: PlaceView, version: VersionView, folder: PlaceView, title: string): Promise<string>;
  saveTags(place: PlaceView, seen: PairView[], wanted: PairView[]): Promise<TagsSavedView>;
  setRetention(place: PlaceView, mode: RetentionModeView, until: number): Promise<null>;
  setLegalHold(place: PlaceView, on: boolean): Promise<null>;
  /** Shown once; nobody keeps it. */
  makeLink(place: PlaceView, seconds: number): Promise<LinkView>;
  unfinishedUploads(folder: PlaceView): Promise<UnfinishedView[]>;
  abortUpload(folder: PlaceView, upload: UnfinishedView): Promise<null>;
}
