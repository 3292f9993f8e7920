using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Kappa.Cli.Rebuilds;

/// <summary><c>kappa rebuild promote</c>: makes a build the one that serves, if its gate lets it.</summary>
internal static class PromoteCommand
{
    public static Command Create(Output output)
    {
        var id = RebuildCommand.Id();
        var most = new Option<long?>("--max-changed") { Description = "Refuse if more keys than this differ in any way." };
        var fields = new Option<string?>("--only-fields") { Description = "Refuse if other fields than these differ, as in /averageOrder,/months/*/average.", HelpName = "fields" };
        var command = new Command("promote", "Makes a build that is ready the one that serves; exits with 1 if its gate refuses.") { id, most, fields };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var answer = await client.PostAsync(RebuildCommand.PathOf(parsed.GetValue(id)!, "promote"), Body(parsed.GetValue(most), parsed.GetValue(fields)), cancellationToken);
            if (answer.Status == HttpStatusCode.Conflict && answer.Is("gate-refused"))
            {
                if (host.Json(parsed))
                    output.Out.WriteLine(answer.Problem().GetRawText());
                BuildText.WriteRefusals(output.Error, answer.Problem());
                return ExitCode.Failed;
            }
            var result = answer.Json();
            output.Out.WriteLine(host.Json(parsed) ? result.GetRawText() : $"{parsed.GetValue(id)}: promoted at the cut {result.GetProperty("cut")}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string? Body(long? most, string? fields)
    {
        var rules = new List<string>();
        if (most is not null)
            rules.Add(string.Create(CultureInfo.InvariantCulture, $"\"changedMax\":{most}"));
        if (fields is not null)
            rules.Add($"\"onlyFields\":[{string.Join(',', fields.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(field => $"\"{JsonEncodedText.Encode(field)}\""))}]");
        return rules.Count == 0 ? null : $"{{\"gate\":{{{string.Join(',', rules)}}}}}";
    }
}
