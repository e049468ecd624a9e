/** Node prints it once on stderr, and those who listen for warnings get it. */
export function warnOfTruncated(rows: number): void {
  if (rows === 0) return;
  const texts = rows === 1 ? '1 text was' : `${rows} texts were`;
  process.emitWarning(`${texts} cut to what the model reads`, {
    type: 'PrecisWarning',
    code: 'PRECIS_TRUNCATED',
    detail: "longDocuments 'map-reduce' summarizes long texts part by part; maxInputTokens moves the limit",
  });
}
