using System.CommandLine;
using System.Text.Json;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa audit</c>: compares views with the log and fails if anything is missing, doubled or held.</summary>
internal static class AuditCommand
{
    public static Command Create(Output output)
    {
        var view = new Argument<string?>("view") { Description = "The view's name.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Audit every view." };
        var command = new Command("audit", "Proves that a view holds exactly what the log says; exits with 1 if it does not.") { view, all };
        var host = new HostOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(view) is null != result.GetValue(all))
                result.AddError("Name one view, or give --all.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var names = parsed.GetValue(view) is { } one ? [one] : await NamesAsync(client, cancellationToken);
            var reports = new List<JsonElement>();
            foreach (var name in names)
                reports.Add(await client.FindAsync($"audit/{Uri.EscapeDataString(name)}", cancellationToken)
                    ?? throw new CliException(ExitCode.Failed, $"there is no view {name}."));
            Write(output, reports, host.Json(parsed));
            return reports.TrueForAll(IsComplete) ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<string[]> NamesAsync(KappaClient client, CancellationToken cancellationToken)
    {
        var views = await client.GetAsync("views", cancellationToken);
        return [.. views.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("view").GetString()!).Distinct()];
    }

    private static bool IsComplete(JsonElement report) => report.GetProperty("complete").GetBoolean();

    private static void Write(Output output, List<JsonElement> reports, bool json)
    {
        if (json)
        {
            reports.ForEach(report => output.Out.WriteLine(report.GetRawText()));
            return;
        }
        var columns = new Columns("view", "complete", "routed", "applied", "held", "cut");
        foreach (var report in reports)
            columns.Add($"{report.GetProperty("view")}", IsComplete(report) ? "yes" : "NO",
                $"{report.GetProperty("routed")}", $"{report.GetProperty("applied")}", $"{report.GetProperty("held")}", $"{report.GetProperty("cut")}");
        columns.Write(output.Out);
        foreach (var report in reports)
            if (report.TryGetProperty("problems", out var problems))
                foreach (var problem in problems.EnumerateArray())
                    output.Error.WriteLine($"kappa: {report.GetProperty("view")}: {problem}");
    }
}
