using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kappa.Backups;

namespace Kappa.Cli.Backups;

/// <summary>What the backup commands found, for programs: one JSON object on one line.</summary>
internal static class BackupJson
{
    public static string Of(BackupManifest manifest, string directory, IReadOnlyList<string>? problems = null) => Text(json =>
    {
        json.WriteString("backup", directory);
        json.WriteNumber("logId", manifest.LogId);
        json.WriteString("created", manifest.Created);
        json.WriteString("cut", $"{manifest.Cut}");
        json.WriteNumber("events", manifest.Cut.Count);
        json.WriteNumber("files", manifest.Files.Count);
        json.WriteNumber("bytes", manifest.Bytes);
        if (problems is null)
            return;
        json.WriteBoolean("whole", problems.Count == 0);
        Write(json, problems);
    });

    public static string Of(RestoreProof proof) => Text(json =>
    {
        json.WriteBoolean("complete", proof.Complete);
        json.WriteStartArray("partitions");
        foreach (var (partition, first, next) in proof.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition);
            json.WriteNumber("first", first);
            json.WriteNumber("next", next);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("views");
        foreach (var audit in proof.Audits)
        {
            json.WriteStartObject();
            json.WriteString("view", audit.View);
            json.WriteBoolean("complete", audit.Complete);
            json.WriteNumber("routed", audit.Routed);
            json.WriteNumber("applied", audit.Applied);
            json.WriteNumber("held", audit.Held);
            json.WriteString("cut", $"{audit.Cut}");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, proof.Problems);
    });

    private static void Write(Utf8JsonWriter json, IReadOnlyList<string> problems)
    {
        json.WriteStartArray("problems");
        foreach (var problem in problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
    }

    private static string Text(Action<Utf8JsonWriter> members)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
