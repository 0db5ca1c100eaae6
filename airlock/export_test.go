package airlock

// ForgetDelays has every call site warn again, as in a new process: a test may run several times in one.
var ForgetDelays = warnedDelays.Clear
