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
        var at = new Option<string?>("--at") { Description = "The state as of a time of append, as in 2011-05-31T10:12:00Z, or as of a cut, as in 0:13,3:1043 (see 'kappa log')." };
        var command = new Command("get", "Reads one instance of a view, as it is or as it was.") { view, key, receipt, at };
        var host = new HostOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(receipt) is not null && result.GetResult(at) is not null)
                result.AddError("--receipt and --at do not go together: a receipt waits for what is new, --at asks for what was.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = KappaClient.InstancePath(parsed.GetValue(view)!, parsed.GetValue(key)!);
            foreach (var (name, value) in ((string, string?)[])[("receipt", parsed.GetValue(receipt)), ("at", parsed.GetValue(at))])
                if (value is not null)
                    path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";
            var envelope = await client.FindAsync(path, cancellationToken) ?? throw new CliException(ExitCode.Failed,
                parsed.GetValue(at) is { } moment
                    ? $"view {parsed.GetValue(view)} had no instance {parsed.GetValue(key)} as of {moment} (or there is no such view)."
                    : $"view {parsed.GetValue(view)} has no instance {parsed.GetValue(key)} (or there is no such view).");
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
