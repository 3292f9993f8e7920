using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Kappa.Cli.Rebuilds;

/// <summary><c>kappa rebuild start</c>, and what it would cost: <c>estimate</c>.</summary>
internal static class StartCommand
{
    public static Command Create(Output output)
    {
        var watch = new Option<bool>("--watch") { Description = "Show its progress until it is ready." };
        return Create("start", "Starts folding a version of a view from the start of the log, beside the build that serves.", dryRun: false, watch, async (client, build, parsed, json, cancellationToken) =>
        {
            if (parsed.GetValue(watch))
                return await WatchCommand.ShowAsync(client, output, build.GetProperty("id").GetString()!, json, cancellationToken);
            RebuildCommand.Write(output, build, json);
            return ExitCode.Ok;
        });
    }

    public static Command Estimate(Output output) =>
        Create("estimate", "Says what a rebuild would read and about how long it would take; starts nothing.", dryRun: true, null, (_, estimate, _, json, _) =>
        {
            output.Out.WriteLine(json
                ? estimate.GetRawText()
                : string.Create(CultureInfo.InvariantCulture,
                    $"{estimate.GetProperty("view")} v{estimate.GetProperty("version")}: {BuildText.Count(estimate, "events")} events, {BuildText.Count(estimate, "bytes")} bytes, about {estimate.GetProperty("minutes").GetDouble():0.##} minutes."));
            return Task.FromResult(ExitCode.Ok);
        });

    private static Command Create(
        string name, string description, bool dryRun, Option<bool>? watch, Func<KappaClient, JsonElement, ParseResult, bool, CancellationToken, Task<int>> show)
    {
        var view = new Argument<string>("view") { Description = "The view's name, as in customer-spend." };
        var version = new Option<int?>("--version") { Description = "The version to fold; the newest in the host's code by default." };
        var command = new Command(name, description) { view, version };
        if (watch is not null)
            command.Add(watch);
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var members = new List<string>();
            if (parsed.GetValue(version) is { } number)
                members.Add(string.Create(CultureInfo.InvariantCulture, $"\"version\":{number}"));
            if (dryRun)
                members.Add("\"dryRun\":true");
            var answer = await client.PostAsync($"views/{Uri.EscapeDataString(parsed.GetValue(view)!)}/rebuilds", $"{{{string.Join(',', members)}}}", cancellationToken);
            return await show(client, answer.Json(), parsed, host.Json(parsed), cancellationToken);
        });
        return command;
    }
}
