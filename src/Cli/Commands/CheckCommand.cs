using System.CommandLine;
using Kappa.Capture;
using Kappa.Cli.Checks;
using Kappa.Log;
using Kappa.Views.Checks;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa check</c>: folds recorded history with the code as it is now, and fails if anything is wrong with it.</summary>
internal static class CheckCommand
{
    public static Command Create(Output output)
    {
        var log = new Option<string>("--log") { Description = "A data directory, its log's directory, or the directory of a capture; a host may be running on it.", HelpName = "dir", Required = true };
        var capture = new Option<string?>("--capture") { Description = "Where the log's capture is, if not beside the log.", HelpName = "dir" };
        var views = new Option<string?>("--views") { Description = "Check the views of this assembly instead of those that ship.", HelpName = "dll" };
        var view = new Option<string[]>("--view") { Description = "Check only this view; may be repeated.", HelpName = "name" };
        var seed = new Option<int>("--seed") { Description = "Which random orders of partitions are tried.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        var command = new Command("check", "Folds recorded history, twice and in other orders, touching no store; exits with 1 if a view throws, "
            + "differs, or cannot be stored.") { log, capture, views, view, seed, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = ViewSource.Of(parsed.GetValue(views)).Only(parsed.GetValue(view) ?? []);
            var report = await CheckAsync(parsed.GetValue(log)!, parsed.GetValue(capture), source, new FoldCheckOptions { Seed = parsed.GetValue(seed) }, cancellationToken);
            if (parsed.GetValue(json))
                output.Out.WriteLine(FoldReportJson.Of(report));
            else
                FoldReportText.Write(output.Out, report);
            return report.Clean ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<FoldCheckReport> CheckAsync(string directory, string? capture, ViewSource source, FoldCheckOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var inside = Path.Combine(directory, "log");
            var place = !LogSnapshot.IsLog(directory) && LogSnapshot.IsLog(inside) ? inside : directory;
            if (!LogSnapshot.IsLog(place) && Directory.Exists(place))
                return await FoldCheck.RunAsync(await WholeLog.OpenCaptureAsync(place, cancellationToken), source.Types, source.Make, options, cancellationToken);
            // In this order: what is retired after the log was looked at is in the capture by then.
            using var log = LogSnapshot.Open(place);
            var whole = await WholeLog.OpenAsync(log, capture ?? Path.Combine(Path.GetDirectoryName(log.Directory)!, "capture"), cancellationToken);
            return await FoldCheck.RunAsync(whole, source.Types, source.Make, options, cancellationToken);
        }
        // What cannot be read was not checked: that is no finding about the views.
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Usage, e.Message, e);
        }
    }
}
