namespace Kappa.Log;

/// <summary>
/// What is asked for lay in events that the log no longer has: they were retired, and not captured where this log could
/// read them. Nothing is damaged; says from where on the log can still be read.
/// </summary>
public sealed class LogRetiredException(string message) : IOException(message);
