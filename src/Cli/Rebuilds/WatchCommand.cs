using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Kappa.Cli.Rebuilds;

/// <summary><c>kappa rebuild watch</c>: a build's progress until it is ready; a bar to somebody who watches, a line now and then to everybody else.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500), _between = TimeSpan.FromSeconds(5);

    public static Command Create(Output output)
    {
        var id = RebuildCommand.Id();
        var command = new Command("watch", "Shows a build's progress until it is ready; exits with 1 if it fails.") { id };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            return await ShowAsync(client, output, parsed.GetValue(id)!, host.Json(parsed), cancellationToken);
        });
        return command;
    }

    public static async Task<int> ShowAsync(KappaClient client, Output output, string id, bool json, CancellationToken cancellationToken)
    {
        var last = output.IsTerminal && !json
            ? await ShowBarAsync(client, id, cancellationToken)
            : await ShowLinesAsync(client, output, id, json, cancellationToken);
        if (json)
            output.Out.WriteLine(last.GetRawText());
        else
            output.Out.WriteLine($"{id}: {BuildText.Progress(last)}");
        if (BuildText.State(last) is not ("failed" or "frozen"))
            return ExitCode.Ok;
        output.Error.WriteLine($"kappa: {id} is {BuildText.State(last)}: {last.GetProperty("problem")}");
        return ExitCode.Failed;
    }

    private static Task<JsonElement> ShowBarAsync(KappaClient client, string id, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(id));
                return await FollowAsync(client, id, build =>
                {
                    bar.Value = BuildText.Percent(build);
                    bar.Description = Markup.Escape($"{id}  {BuildText.Progress(build)}");
                }, cancellationToken);
            });

    private static Task<JsonElement> ShowLinesAsync(KappaClient client, Output output, string id, bool json, CancellationToken cancellationToken)
    {
        long? shown = null;
        return FollowAsync(client, id, build =>
        {
            if (shown is { } at && TimeProvider.System.GetElapsedTime(at) < _between)
                return;
            shown = TimeProvider.System.GetTimestamp();
            if (json)
                output.Out.WriteLine(build.GetRawText());
            else
                output.Error.WriteLine($"{id}: {BuildText.Progress(build)}");
        }, cancellationToken);
    }

    /// <summary>Tells of a build as long as it is being made; returns how it ended.</summary>
    private static async Task<JsonElement> FollowAsync(KappaClient client, string id, Action<JsonElement> tell, CancellationToken cancellationToken)
    {
        while (true)
        {
            var build = await client.GetAsync(RebuildCommand.PathOf(id), cancellationToken);
            if (BuildText.State(build) is not ("building" or "paused"))
                return build;
            tell(build);
            await Task.Delay(_pause, cancellationToken);
        }
    }
}
