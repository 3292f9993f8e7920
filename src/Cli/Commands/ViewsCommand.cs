using System.CommandLine;
using System.Text.Json;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa views</c>: the views and how they are doing.</summary>
internal static class ViewsCommand
{
    public static Command Create(Output output)
    {
        var command = new Command("views", "Lists the views: version, status, instances, lag, and what is held.");
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var views = (await client.GetAsync("views", cancellationToken)).GetProperty("items").EnumerateArray().ToArray();
            if (host.Json(parsed))
            {
                foreach (var view in views)
                    output.Out.WriteLine(view.GetRawText());
                return ExitCode.Ok;
            }
            var columns = new Columns("view", "version", "status", "instances", "lag", "quarantined", "held");
            foreach (var view in views)
                columns.Add([.. ((string[])["view", "version", "status", "instances", "lag", "quarantined", "held"]).Select(name => $"{view.GetProperty(name)}")]);
            columns.Write(output.Out);
            foreach (var view in views)
                if (view.GetProperty("problem") is { ValueKind: JsonValueKind.String } problem)
                    output.Error.WriteLine($"kappa: {view.GetProperty("view")}: {problem}");
            return ExitCode.Ok;
        });
        return command;
    }
}
