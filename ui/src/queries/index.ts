// Everything that the window asks, as query and mutation options.
export * from './attention.queries';
export * from './browse.queries';
export { followDesk, newQueryClient, refresh } from './client';
export * from './compare.queries';
export * from './connections.queries';
export * from './entry.queries';
export * from './exchanges.queries';
export { type FolderState, useFolder } from './folder-listing';
export * from './history.queries';
export * from './imports.queries';
export { keys } from './keys';
export * from './questions.queries';
export * from './settings.queries';
export * from './sign-in.queries';
export * from './today.queries';
export * from './transfers.queries';
export * from './window.queries';
