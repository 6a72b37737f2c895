// Mocha removes the limit of stack traces. Properties create errors by the ten thousand, each with a hundred frames then.
Error.stackTraceLimit = 30;
