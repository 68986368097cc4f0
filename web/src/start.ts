/**
 * Runs first, and is small: what the first picture needs is asked for at once, all side by side. The
 * requests to the server, the code of the page, and what all pages share.
 */
import { askEarly } from './api/early';
import { chunks, pageAt, type PageModule } from './shell/chunks';
import { firstRequests } from './shell/firstRequests';

const page = pageAt(location.pathname);
askEarly(firstRequests(page, location.search));
const main = import('./main');
// A page that cannot be loaded is told when it is shown.
const loaded: Promise<PageModule | undefined> =
  page === undefined ? Promise.resolve(undefined) : chunks[page]().catch(() => undefined);
void main.then(({ show }) => show(loaded));
