import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { PRELUDE } from './python.js';

/** An interpreter with pyspark, pyarrow and, for Spark to find, Java; and Delta Lake's jars with commas between, which .ci/python fetches. */
const interpreter = process.env.PRECIS_TEST_SPARK;
const jars = process.env.PRECIS_TEST_DELTA_JARS;
if (!interpreter || !jars) {
  const missing = interpreter
    ? "PRECIS_TEST_DELTA_JARS to Delta Lake's jars"
    : 'PRECIS_TEST_SPARK to an interpreter with pyspark';
  console.log(`skipped what compares with Delta Lake in Spark: set ${missing}`);
}

/** Begins a session `spark` with Delta Lake; in `sql`, @ is the folder of the tables; `keep` saves what Spark reads as an Arrow stream. */
export const SPARK = `
from pyspark.sql import SparkSession
spark = (SparkSession.builder.master('local[1]').config('spark.jars', os.environ['PRECIS_TEST_DELTA_JARS'])
    .config('spark.driver.host', '127.0.0.1').config('spark.driver.bindAddress', '127.0.0.1')
    .config('spark.sql.extensions', 'io.delta.sql.DeltaSparkSessionExtension')
    .config('spark.sql.catalog.spark_catalog', 'org.apache.spark.sql.delta.catalog.DeltaCatalog')
    .config('spark.sql.session.timeZone', 'UTC').config('spark.sql.shuffle.partitions', '1')
    .config('spark.databricks.delta.snapshotPartitions', '1').config('spark.ui.enabled', 'false')
    .config('spark.sql.warehouse.dir', folder + '/spark').getOrCreate())
spark.sparkContext.setLogLevel('ERROR')
def sql(text): return spark.sql(text.replace('@', folder + '/'))
def checkpoint(name):
    spark._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(spark._jsparkSession, folder + '/' + name).checkpoint()
def keep(name, table=None):
    table = table or spark.read.format('delta').load(folder + '/' + name).toArrow()
    save(table, folder + '/' + name + '.spark')
`;

/** Runs a script behind the prelude; `args` are its sys.argv. */
export function runSpark(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(interpreter!, ['-', ...args], {
    input: `${PRELUDE}${script}`,
    encoding: 'utf8',
    env: { ...process.env, PYSPARK_PYTHON: interpreter },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`Spark's script ended with ${status}\n${stderr.slice(-5000)}`);
  return stdout.trim();
}

/** Suites that compare with Delta Lake in a real Spark. */
export const describeSpark: ReturnType<typeof describe.skipIf> = describe.skipIf(!interpreter || !jars);
