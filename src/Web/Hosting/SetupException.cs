namespace Kappa.Web.Hosting;

/// <summary>The host cannot start as it is set up. The message names each setting at fault and what to do; no stack trace is needed.</summary>
public sealed class SetupException(string message, Exception? cause = null) : Exception(message, cause);
