using System.CommandLine;
using System.Text.Json;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa get</c>: one instance of a view.</summary>
internal static class GetCommand
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static Command Create(Output output)
    {
        var view = new Argument<string>("view") { Description = "The view's name, as in customer-spend." };
        var key = new Argument<string>("key") { Description = "The instance's key, as in 17850." };
        var receipt = new Option<string?>("--receipt") { Description = "Wait until the state includes the append that returned this receipt." };
        var command = new Command("get", "Reads one instance of a view.") { view, key, receipt };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = KappaClient.InstancePath(parsed.GetValue(view)!, parsed.GetValue(key)!);
            if (parsed.GetValue(receipt) is { } text)
                path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}receipt={Uri.EscapeDataString(text)}";
            var envelope = await client.FindAsync(path, cancellationToken) ?? throw new CliException(ExitCode.Failed,
                $"view {parsed.GetValue(view)} has no instance {parsed.GetValue(key)} (or there is no such view).");
            if (host.Json(parsed))
                output.Out.WriteLine(envelope.GetRawText());
            else
                Write(output.Out, envelope);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(TextWriter writer, JsonElement envelope)
    {
        foreach (var name in (string[])["view", "key", "viewVersion", "version", "time", "appended", "position", "quarantined"])
            if (envelope.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
                writer.WriteLine($"{name,-12} {value}");
        writer.WriteLine(JsonSerializer.Serialize(envelope.GetProperty("state"), _indented));
    }
}
