/**
 * How much garbage the process lets pile up before it collects all of it. Imported, for its effect, by what runs the
 * application.
 *
 * V8 lets a small heap grow by about a third between two full collections: ours, some 50 MB, was marked every 0.4 s
 * under ten sessions a second, and each marking slowed what it met by 35 ms on two cores (one session in twelve).
 * Growing to three times costs some 100 MB and makes it one in a hundred: p95 from complete to SessionCompleted fell
 * from 65 to 40 ms (`npm run bench -- pipeline`).
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--heap-growing-percent=200');
