/** The rate of bare matrix products on one core, in operations a second: node dist/bench/gemm.js int8|fp32 */
import { bareProducts } from '../src/measure/roofline.js';
import { FEED_FORWARD } from './roofline.js';

const opsPerSecond = await bareProducts(process.argv[2] === 'int8' ? 'int8' : 'fp32', 1, FEED_FORWARD);
process.stdout.write(`${JSON.stringify({ opsPerSecond })}\n`);
