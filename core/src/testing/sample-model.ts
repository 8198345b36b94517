import type { Allocation } from '../model/allocation.ts';
import { compileModel, type CompileResult } from '../model/compile-model.ts';
import type { Layer } from '../model/layer.ts';
import { mergeLayers } from '../model/merge-layers.ts';
import { sampleLayer } from './sample-documents.ts';

/** Compiles the sample layer with further layers on top. */
export function sampleModel(
  upper: readonly Layer[] = [],
  allocation: Allocation = {},
  version = 1,
): CompileResult {
  return compileModel({
    documents: mergeLayers([sampleLayer(), ...upper]),
    version,
    plugins: [],
    allocation,
  });
}
