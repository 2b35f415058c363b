/** The double of KurrentDB as a process, to be killed. Arguments: its file, its port. It says `ready URL`. */
import { startKurrentDbDouble } from '../doubles/kurrentdb/kurrentdb-double.ts';

const [file = '', port = '0'] = process.argv.slice(2);
const double = await startKurrentDbDouble({ file, port: Number(port) });
process.stdout.write(`ready ${double.url}\n`);
