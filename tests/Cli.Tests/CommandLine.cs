using Kappa.Cli;

namespace Kappa.Tests;

/// <summary>Runs a command line in process and keeps what it wrote.</summary>
internal static class CommandLine
{
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var exitCode = await KappaCli.RunAsync(args, new Output(output, error, IsTerminal: false), limit.Token);
        return (exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
