using System.Globalization;
using System.Text.Json;

namespace Kappa.Cli.Rebuilds;

/// <summary>Builds of views, as the host describes them, for people.</summary>
internal static class BuildText
{
    private const int KeysShown = 10;

    public static string State(JsonElement build) => build.GetProperty("state").GetString()!;

    public static double Percent(JsonElement build) => build.GetProperty("percent").GetDouble();

    /// <summary>How far a build is, in one line.</summary>
    public static string Progress(JsonElement build) =>
        $"{State(build)}, {Count(build, "eventsDone")} of {Count(build, "eventsTotal")} events, {Percent(build).ToString("0.0", CultureInfo.InvariantCulture)} %"
        + (Left(build) is { } left ? $", {Span(left)} left" : "");

    public static TimeSpan? Left(JsonElement build) =>
        build.GetProperty("secondsLeft") is { ValueKind: JsonValueKind.Number } seconds ? TimeSpan.FromSeconds(seconds.GetDouble()) : null;

    public static string Span(TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");

    public static string Count(JsonElement of, string name) => of.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>All there is to say of one build.</summary>
    public static void Write(TextWriter writer, JsonElement build)
    {
        foreach (var name in (string[])["id", "view", "version", "state", "watermark", "instances", "quarantined", "held", "problem"])
            if (build.GetProperty(name) is var value && value.ValueKind != JsonValueKind.Null)
                writer.WriteLine($"{name,-12} {value}");
        writer.WriteLine($"{"progress",-12} {Progress(build)}");
    }

    /// <summary>Says why a gate refused: each rule, how many keys are against it, and the first of them.</summary>
    public static void WriteRefusals(TextWriter writer, JsonElement problem)
    {
        writer.WriteLine($"kappa: {problem.GetProperty("detail")}");
        if (!problem.TryGetProperty("refusals", out var refusals))
            return;
        foreach (var refusal in refusals.EnumerateArray())
        {
            var keys = refusal.GetProperty("keys").EnumerateArray().Select(key => key.GetString()).ToArray();
            writer.WriteLine($"  {refusal.GetProperty("rule")}: {refusal.GetProperty("reason")} ({Count(refusal, "count")} keys)");
            if (keys.Length > 0)
                writer.WriteLine($"    {string.Join(", ", keys.Take(KeysShown))}{(refusal.GetProperty("count").GetInt64() > KeysShown ? ", …" : "")}");
        }
    }
}
