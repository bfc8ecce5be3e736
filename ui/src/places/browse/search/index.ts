export { keepResults, keptResults } from './kept-results';
export { Results } from './results';
export { SearchBar } from './search-bar';
export { type RemoteSearch, useSearch } from './use-search';
