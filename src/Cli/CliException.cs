namespace Kappa.Cli;

/// <summary>Ends the command with an exit code and a message for people that says what to do.</summary>
internal sealed class CliException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
