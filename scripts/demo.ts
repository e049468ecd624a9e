/** `npm run demo`: five documents through the whole road, with a small model whose weights are seeded noise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadModel } from '../src/predict/loadModel.js';
import { writeSeededCheckpoint } from './seeded-checkpoint.js';

const DOCUMENTS: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'Town news',
    text: `The council approved a new budget for schools and libraries after a long debate on Tuesday night. Two more
      teachers will start in spring, and the library by the harbour stays open until eight in the evening.`,
  },
  {
    title: 'Bug report',
    text: `Export to CSV fails when a cell holds a line break. Version 2.3 wrote the cell in quotes, version 2.4 does not, and
      every row after it is shifted by one column. Going back to 2.3 helps. A file that shows it is attached.`,
  },
  {
    title: 'Lab notes',
    text: `Sample B was heated to 80 degrees for ten minutes and then cooled in water. It turned from clear to pale yellow at
      62 degrees. Sample A, heated twice as slowly, stayed clear. We will repeat both with a second batch next week.`,
  },
  {
    title: 'Customer letter',
    text: `I ordered a blue lamp on the third of May and was sent a green one. Your shop took it back without a question, but
      the right one has not come yet, and the page that shows where it is has said "soon" for nine days.`,
  },
  {
    title: 'Travel diary',
    text: `The train left before sunrise and followed the river for hours. At the border everybody had to get off and walk
      over the bridge, where a woman sold tea and warm bread. By noon we could see the mountains.`,
  },
];

async function demo(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-demo-'));
  try {
    writeSeededCheckpoint({
      out: folder,
      family: 't5',
      size: 'tiny',
      taskSpecificParams: {
        summarization: { prefix: 'summarize: ', num_beams: 4, no_repeat_ngram_size: 3, max_length: 20 },
      },
    });
    const begin = performance.now();
    const model = await loadModel(folder);
    const loaded = performance.now();
    const { results } = await model.generateTexts(DOCUMENTS.map(({ text }) => text.replace(/\s+/g, ' ')));
    const seconds = (performance.now() - loaded) / 1000;
    await model.close();

    results.forEach(({ text, inputTokens, outputTokens }, i) => {
      console.log(`${DOCUMENTS[i].title} (${inputTokens} tokens in, ${outputTokens} out)\n  ${text}\n`);
    });
    const opening = `converted and opened in ${((loaded - begin) / 1000).toFixed(2)} s`;
    console.log(
      `${DOCUMENTS.length} documents in ${seconds.toFixed(2)} s, ${model.precision}, 4 beams; the model was ${opening}.`,
    );
    console.log(
      'The words are noise: this model has seeded weights and was never trained. It shows the road, not a result.',
    );
    console.log('For real summaries pass a T5 checkpoint folder: node dist/src/cli/main.js generate "..." --model DIR');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await demo();
