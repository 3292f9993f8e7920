using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Kappa.Cli.Rebuilds;

/// <summary><c>kappa rebuild diff</c>: what differs between a build and the one that serves.</summary>
internal static class DiffCommand
{
    private const int FieldsMax = 5;

    public static Command Create(Output output)
    {
        var id = RebuildCommand.Id();
        var take = new Option<int>("--take") { Description = "How many keys to show, 1 to 1000.", DefaultValueFactory = _ => 20 };
        var command = new Command("diff", "Compares a build that is ready with the one that serves, at one cut; with --json all of it, a line for each key.") { id, take };
        var host = new HostOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = RebuildCommand.PathOf(parsed.GetValue(id)!, "diff");
            if (host.Json(parsed))
                await foreach (var line in client.LinesAsync(path, "application/x-ndjson", cancellationToken))
                    output.Out.WriteLine(line);
            else
                Write(output.Out, await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{path}?take={parsed.GetValue(take)}"), cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(TextWriter writer, JsonElement diff)
    {
        writer.WriteLine($"v{diff.GetProperty("oldVersion")} (serves) and v{diff.GetProperty("newVersion")} at the cut {diff.GetProperty("cut")}");
        writer.WriteLine($"{Count("same")} same, {Count("changed")} changed, {Count("onlyOld")} only in old, {Count("onlyNew")} only in new");
        var fields = diff.GetProperty("fields").EnumerateArray().ToArray();
        if (fields.Length > 0)
        {
            writer.WriteLine();
            var columns = new Columns("field", "keys");
            foreach (var field in fields)
                columns.Add(Path(field), $"{field.GetProperty("keys")}");
            columns.Write(writer);
        }
        var items = diff.GetProperty("items").EnumerateArray().ToArray();
        if (items.Length > 0)
            writer.WriteLine();
        foreach (var item in items)
            WriteItem(writer, item);
        if (diff.GetProperty("next").ValueKind != JsonValueKind.Null)
            writer.WriteLine("and more; --json writes all of them.");

        string Count(string name) => BuildText.Count(diff, name);
    }

    private static void WriteItem(TextWriter writer, JsonElement item)
    {
        var fields = item.GetProperty("fields").EnumerateArray().ToArray();
        writer.WriteLine($"{item.GetProperty("key")}  {item.GetProperty("change")}");
        foreach (var field in fields.Take(FieldsMax))
            writer.WriteLine($"  {Path(field)}: {Value(field, "before")} -> {Value(field, "after")}");
        if (fields.Length > FieldsMax)
            writer.WriteLine($"  and {fields.Length - FieldsMax} more fields");
    }

    private static string Path(JsonElement field) => field.GetProperty("path").GetString() is { Length: > 0 } path ? path : "(all)";

    private static string Value(JsonElement field, string name) => field.TryGetProperty(name, out var value) ? value.GetRawText() : "absent";
}
