// onnxruntime 1.30 for Linux collects usage when its library is loaded: it reads the machine's id and the command line (and crashes when that
// is longer than some 25,000 characters), writes a database under ~/.cache/Microsoft and sends it when it can. Nothing of that is ours to
// give away. The variable is only looked at while the library loads: import this file before anything that imports onnxruntime-node, and on
// the main thread, because the environment of a worker thread is a copy that native code does not see.
process.env.ORT_DISABLE_TELEMETRY = '1';
