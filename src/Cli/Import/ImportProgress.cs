using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Kappa.Cli.Import;

/// <summary>Shows how an import goes: a bar with the rate to somebody who watches, a line now and then to everybody else.</summary>
internal static class ImportProgress
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(5);

    public static async Task ShowAsync(Output output, bool json, ImportFile file, ImportRun run, Func<Action, Task> import)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (output.IsTerminal && !json)
            await ShowBarAsync(file, run, started, import);
        else
        {
            var shown = started;
            await import(() =>
            {
                if (TimeProvider.System.GetElapsedTime(shown) < _between)
                    return;
                shown = TimeProvider.System.GetTimestamp();
                output.Error.WriteLine($"{file.Name}: {Number(run.Events)} events, {Rate(run, started)}");
            });
        }
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        if (json)
            output.Out.WriteLine(JsonSerializer.Serialize(new ImportReport(file.Name, run.Events, run.Appended.New, run.Appended.Duplicates, run.Skipped, seconds),
                ImportReportJson.Default.ImportReport));
        else
            output.Out.WriteLine($"{file.Name}: {Number(run.Events)} events, {Number(run.Appended.New)} appended, "
                + $"{Number(run.Appended.Duplicates)} duplicates, {Number(run.Skipped)} imported before, {Rate(run, started)}");
    }

    private static Task ShowBarAsync(ImportFile file, ImportRun run, long started, Func<Action, Task> import) =>
        AnsiConsole.Progress().HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(file.Name));
                await import(() =>
                {
                    bar.Value = 100 * file.Done;
                    bar.Description = Markup.Escape($"{file.Name}  {Number(run.Events)} events  {Rate(run, started)}");
                });
            });

    private static string Rate(ImportRun run, long started)
    {
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        return $"{Number((long)((run.Events - run.Skipped) / Math.Max(seconds, 0.001)))} events/s";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
