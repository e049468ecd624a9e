"""convert_ctranslate2.py CHECKPOINT OUT: CTranslate2's own conversion, into OUT/int8 and OUT/float32."""

import os
import sys

from ctranslate2.converters import TransformersConverter

checkpoint, out = sys.argv[1:3]
for precision in ("int8", "float32"):
    TransformersConverter(checkpoint).convert(os.path.join(out, precision), quantization=precision, force=True)
