// Going to where a transfer's file lies: on this computer in the system's file manager, elsewhere in Browse.
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { folderOf } from '@/domain/path';
import type { TransferView } from '@/ipc';
import { endName, m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { showFile } from '@/queries';

export type Side = 'source' | 'destination';

export const endOf = (transfer: TransferView, side: Side) => (side === 'source' ? transfer.source : transfer.destination);

/** What going there is called. Two ends on this computer are told apart by their side. */
export function openEndLabel(transfer: TransferView, side: Side): string {
  const end = endOf(transfer, side);
  return end.connection === null ? m.act_open_local() : m.act_open_end({ place: endName(end) });
}

/** Answers true, so that it can be the end of a key. */
export function useOpenEnd(): (transfer: TransferView, side: Side) => boolean {
  const navigate = useNavigate();
  const showing = useMutation(showFile);
  return (transfer, side) => {
    const end = endOf(transfer, side);
    if (end.connection === null) showing.mutate({ id: transfer.id, side }, { onError: (reason) => tellError(reason, endName(end)) });
    else void navigate({ to: '/browse' as '/transfers', search: { at: end.connection, path: folderOf(end.path) || '/' } });
    return true;
  };
}
