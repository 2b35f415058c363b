/** A node with all projections, to be killed. Argument: connection string. */
import { startProjectionNode } from './projection-node.ts';

const [connectionString = ''] = process.argv.slice(2);
startProjectionNode(connectionString);
process.stdout.write('started\n');
