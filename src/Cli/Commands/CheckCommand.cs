using System.CommandLine;
using Kappa.Cli.Checks;
using Kappa.Log;
using Kappa.Views.Checks;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa check</c>: folds recorded history with the code as it is now, and fails if anything is wrong with it.</summary>
internal static class CheckCommand
{
    public static Command Create(Output output)
    {
        var log = new Option<string>("--log") { Description = "The log's directory, or the data directory that it is in; a host may be running on it.", HelpName = "dir", Required = true };
        var views = new Option<string?>("--views") { Description = "Check the views of this assembly instead of those that ship.", HelpName = "dll" };
        var view = new Option<string[]>("--view") { Description = "Check only this view; may be repeated.", HelpName = "name" };
        var seed = new Option<int>("--seed") { Description = "Which random orders of partitions are tried.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        var command = new Command("check", "Folds recorded history, twice and in other orders, touching no store; exits with 1 if a view throws, "
            + "differs, or cannot be stored.") { log, views, view, seed, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = ViewSource.Of(parsed.GetValue(views)).Only(parsed.GetValue(view) ?? []);
            using var history = Open(parsed.GetValue(log)!);
            var report = await RunAsync(history, source, new FoldCheckOptions { Seed = parsed.GetValue(seed) }, cancellationToken);
            if (parsed.GetValue(json))
                output.Out.WriteLine(FoldReportJson.Of(report));
            else
                FoldReportText.Write(output.Out, report);
            return report.Clean ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static LogSnapshot Open(string directory)
    {
        var inside = Path.Combine(directory, "log");
        try
        {
            return LogSnapshot.Open(!LogSnapshot.IsLog(directory) && LogSnapshot.IsLog(inside) ? inside : directory);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Usage, e.Message, e);
        }
    }

    private static async Task<FoldCheckReport> RunAsync(ILogReader log, ViewSource source, FoldCheckOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await FoldCheck.RunAsync(log, source.Types, source.Make, options, cancellationToken);
        }
        // What of the log cannot be read was not checked: that is no finding about the views.
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Usage, e.Message, e);
        }
    }
}
