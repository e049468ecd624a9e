import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelConfig } from '../checkpoint/types.js';
import { PrecisError } from '../errors.js';
import type { HeadKind } from '../graph/headGraph.js';
import {
  CONVERTER_VERSION,
  type ConvertedManifest,
  decoderFile,
  ENCODER_FILE,
  MANIFEST_FILE,
} from '../graph/manifest.js';
import { GraphSession } from './session.js';

/** A converted folder: its manifest, its encoder, and the decoder's graphs, which are opened when first needed. */
export class ConvertedModel {
  private readonly decoders = new Map<HeadKind, Promise<GraphSession>>();

  private constructor(
    readonly dir: string,
    readonly manifest: ConvertedManifest,
    readonly encoder: GraphSession,
    private readonly threads: number,
  ) {}

  static async open(dir: string, threads: number): Promise<ConvertedModel> {
    const manifest = readManifest(dir);
    const encoder = await GraphSession.open(join(dir, ENCODER_FILE), threads);
    return new ConvertedModel(dir, manifest, encoder, threads);
  }

  get config(): ModelConfig {
    return this.manifest.config;
  }

  get int8(): boolean {
    return this.manifest.precision === 'int8';
  }

  decoder(head: HeadKind): Promise<GraphSession> {
    let session = this.decoders.get(head);
    if (!session) {
      session = GraphSession.open(join(this.dir, decoderFile(head)), this.threads);
      this.decoders.set(head, session);
    }
    return session;
  }

  async close(): Promise<void> {
    await this.encoder.close();
    // One that did not open was reported when it was asked for.
    const opened = await Promise.allSettled(this.decoders.values());
    for (const decoder of opened) if (decoder.status === 'fulfilled') await decoder.value.close();
  }
}

function readManifest(dir: string): ConvertedManifest {
  const path = join(dir, MANIFEST_FILE);
  let manifest: ConvertedManifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as ConvertedManifest;
  } catch (cause) {
    throw new PrecisError('model', {
      found: `${path} cannot be read`,
      expected: 'the manifest of a converted model',
      action: `remove ${dir} and convert the model again`,
      cause,
    });
  }
  if (manifest.converterVersion !== CONVERTER_VERSION) {
    throw new PrecisError('model', {
      found: `${path} has converter version ${manifest.converterVersion}`,
      expected: `version ${CONVERTER_VERSION}`,
      action: `remove ${dir} and convert the model again`,
    });
  }
  return manifest;
}
