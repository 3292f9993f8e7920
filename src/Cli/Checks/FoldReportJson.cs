using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kappa.Views.Checks;

namespace Kappa.Cli.Checks;

/// <summary>A check's report for programs: one JSON object on one line.</summary>
internal static class FoldReportJson
{
    public static string Of(FoldCheckReport report)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteBoolean("clean", report.Clean);
            json.WriteString("cut", $"{report.Cut}");
            json.WriteNumber("seed", report.Seed);
            json.WriteStartArray("views");
            foreach (var view in report.Views)
                Write(json, view);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void Write(Utf8JsonWriter json, FoldCheckedView view)
    {
        json.WriteStartObject();
        json.WriteString("view", view.View);
        json.WriteNumber("version", view.Version);
        json.WriteNumber("events", view.Events);
        json.WriteNumber("instances", view.Instances);
        json.WriteNumber("applied", view.Applied);
        json.WriteString("digest", view.Digest);
        json.WriteStartObject("counts");
        foreach (var (kind, count) in view.Counts)
            json.WriteNumber(FoldReportText.Word(kind), count);
        json.WriteEndObject();
        json.WriteStartArray("problems");
        foreach (var problem in view.Problems)
        {
            json.WriteStartObject();
            json.WriteString("kind", FoldReportText.Word(problem.Kind));
            json.WriteString("key", problem.Key);
            json.WriteString("position", problem.Position?.ToString());
            json.WriteString("reason", problem.Reason);
            Write(json, problem.Case);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FoldCase? found)
    {
        if (found is null)
        {
            json.WriteNull("case");
            return;
        }
        json.WriteStartObject("case");
        json.WriteStartArray("events");
        foreach (var one in found.Events)
        {
            json.WriteStartObject();
            json.WriteString("position", $"{one.Position}");
            json.WriteString("type", one.Type);
            json.WriteString("id", one.Id);
            json.WriteString("data", one.Data);
            json.WriteBoolean("reload", one.Reload);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("expected", found.Expected);
        json.WriteString("found", found.Found);
        json.WriteEndObject();
    }
}
