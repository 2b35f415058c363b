/** After all tests, also when some failed. */
import { stopTestDatabase } from './global-setup.ts';

export default stopTestDatabase;
