using System.CommandLine;
using System.Text.Json;

namespace Kappa.Cli.Rebuilds;

/// <summary><c>kappa rebuild</c>: builds of views beside those that serve.</summary>
internal static class RebuildCommand
{
    public static Command Create(Output output) => new("rebuild", "Folds a version of a view anew beside the one that serves; compares and promotes it.")
    {
        StartCommand.Estimate(output),
        StartCommand.Create(output),
        ListCommand.Create(output),
        Show(output),
        WatchCommand.Create(output),
        Step(output, "pause", "Stops folding a build for now."),
        Step(output, "resume", "Goes on folding a build where it was paused."),
        DiffCommand.Create(output),
        PromoteCommand.Create(output),
        Step(output, "rollback", "Undoes the promotion of the build that serves: the one before serves again."),
        Discard(output),
    };

    public static Argument<string> Id() => new("id") { Description = "The build's id; see 'kappa rebuild ls'." };

    /// <summary>The path of a build, or of what can be done with it.</summary>
    public static string PathOf(string id, string? step = null) => $"rebuilds/{Uri.EscapeDataString(id)}{(step is null ? "" : "/" + step)}";

    public static void Write(Output output, JsonElement build, bool json)
    {
        if (json)
            output.Out.WriteLine(build.GetRawText());
        else
            BuildText.Write(output.Out, build);
    }

    private static Command Show(Output output)
    {
        var id = Id();
        var command = new Command("show", "Shows one build and how far it is.") { id };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            Write(output, await client.GetAsync(PathOf(parsed.GetValue(id)!), cancellationToken), host.Json(parsed));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Step(Output output, string name, string description)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var answer = await client.PostAsync(PathOf(parsed.GetValue(id)!, name), null, cancellationToken);
            Write(output, answer.Json(), host.Json(parsed));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Discard(Output output)
    {
        var id = Id();
        var command = new Command("discard", "Deletes a build that does not serve, and frees its disk space.") { id };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            (await client.PostAsync(PathOf(parsed.GetValue(id)!, "discard"), null, cancellationToken)).ThrowIfRefused();
            if (!host.Json(parsed))
                output.Out.WriteLine($"{parsed.GetValue(id)}: discarded.");
            return ExitCode.Ok;
        });
        return command;
    }
}
