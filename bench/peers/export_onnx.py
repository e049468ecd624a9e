"""export_onnx.py CHECKPOINT OUT: the layout that models on the hub have for transformers.js, in fp32 and q8, made as they are made there."""

import os
import sys

from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export

checkpoint, out = sys.argv[1:3]
main_export(checkpoint, out, task="text2text-generation-with-past", do_validation=False)
folder = os.path.join(out, "onnx")
os.makedirs(folder, exist_ok=True)
for name in ("encoder_model", "decoder_model_merged"):
    exported = os.path.join(out, f"{name}.onnx")
    quantize_dynamic(
        exported,
        os.path.join(folder, f"{name}_quantized.onnx"),
        weight_type=QuantType.QInt8,
        # The options of transformers.js' own quantization script: the merged decoder's weights lie in subgraphs.
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
    )
    os.replace(exported, os.path.join(folder, f"{name}.onnx"))
for name in ("decoder_model.onnx", "decoder_with_past_model.onnx"):
    os.remove(os.path.join(out, name))
