using System.CommandLine;
using System.Globalization;

namespace Kappa.Cli.Rebuilds;

/// <summary><c>kappa rebuild ls</c>: the builds of views, those that serve and those that are kept too.</summary>
internal static class ListCommand
{
    public static Command Create(Output output)
    {
        var view = new Argument<string?>("view") { Description = "Only the builds of this view.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("ls", "Lists the builds of views: those that serve, that are kept, and that are being made.") { view };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = parsed.GetValue(view) is { } one ? $"rebuilds?view={Uri.EscapeDataString(one)}" : "rebuilds";
            var builds = (await client.GetAsync(path, cancellationToken)).GetProperty("items").EnumerateArray().ToArray();
            if (host.Json(parsed))
            {
                foreach (var build in builds)
                    output.Out.WriteLine(build.GetRawText());
                return ExitCode.Ok;
            }
            var columns = new Columns("id", "view", "version", "state", "percent", "instances", "quarantined", "held");
            foreach (var build in builds)
                columns.Add($"{build.GetProperty("id")}", $"{build.GetProperty("view")}", $"{build.GetProperty("version")}", BuildText.State(build),
                    BuildText.Percent(build).ToString("0.0", CultureInfo.InvariantCulture), $"{build.GetProperty("instances")}", $"{build.GetProperty("quarantined")}", $"{build.GetProperty("held")}");
            columns.Write(output.Out);
            return ExitCode.Ok;
        });
        return command;
    }
}
