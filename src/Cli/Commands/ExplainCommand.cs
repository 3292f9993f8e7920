using System.CommandLine;
using System.Text.Json;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa explain</c>: how an instance came to its state, event by event.</summary>
internal static class ExplainCommand
{
    /// <summary>The most that a host gives at once; each page is written before the next is asked for.</summary>
    private const int PageItems = 1000;

    public static Command Create(Output output)
    {
        var view = new Argument<string>("view") { Description = "The view's name, as in customer-spend." };
        var key = new Argument<string>("key") { Description = "The instance's key, as in 17850." };
        var command = new Command("explain", "Shows each event that an instance applied, with the state after it.") { view, key };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = $"views/{Uri.EscapeDataString(parsed.GetValue(view)!)}/{Uri.EscapeDataString(parsed.GetValue(key)!)}/history?take={PageItems}";
            for (string? after = ""; after is not null;)
            {
                var page = await client.FindAsync(after.Length == 0 ? path : $"{path}&after={Uri.EscapeDataString(after)}", cancellationToken)
                    ?? throw new CliException(ExitCode.Failed, $"view {parsed.GetValue(view)} has no instance {parsed.GetValue(key)} (or there is no such view).");
                foreach (var item in page.GetProperty("items").EnumerateArray())
                    Write(output.Out, item, host.Json(parsed));
                after = page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(TextWriter writer, JsonElement item, bool json)
    {
        if (json)
        {
            writer.WriteLine(item.GetRawText());
            return;
        }
        var cloudEvent = item.GetProperty("event");
        writer.WriteLine($"{item.GetProperty("version"),6}  {item.GetProperty("position")}  {EventLine.Of(cloudEvent)}");
        writer.WriteLine($"        {item.GetProperty("after").GetRawText()}");
    }
}
