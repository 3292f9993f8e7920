using System.CommandLine;
using System.Text.Json;
using Kappa.Cli.Commands;
using Kappa.Cli.Rebuilds;

namespace Kappa.Cli;

/// <summary>The command line as a whole: which commands there are, and how failures end.</summary>
internal static class KappaCli
{
    /// <summary>Runs one command line; see <see cref="ExitCode"/> for what it returns.</summary>
    public static async Task<int> RunAsync(string[] args, Output output, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("OrleansKappa: put events into a log, and look at the log and its views.")
        {
            ImportCommand.Create(output),
            TailCommand.Create(output),
            GetCommand.Create(output),
            ExplainCommand.Create(output),
            AuditCommand.Create(output),
            LogCommand.Create(output),
            CaptureCommand.Create(output),
            ViewsCommand.Create(output),
            RebuildCommand.Create(output),
            CheckCommand.Create(output),
            BackupCommand.Create(output),
            RestoreCommand.Create(output),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                output.Error.WriteLine($"kappa: {error.Message}");
            output.Error.WriteLine("kappa: run it with --help to see what it takes.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = output.Out, Error = output.Error, EnableDefaultExceptionHandler = false }, cancellationToken);
        }
        catch (CliException e)
        {
            output.Error.WriteLine($"kappa: {e.Message}");
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            output.Error.WriteLine("kappa: stopped.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            output.Error.WriteLine($"kappa: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
