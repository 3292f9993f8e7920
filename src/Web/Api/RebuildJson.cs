using System.Text.Json;
using Kappa.Views;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>Builds of views and their differences as the API writes them.</summary>
internal static class RebuildJson
{
    private static readonly JsonEncodedText _before = JsonEncodedText.Encode("before"), _after = JsonEncodedText.Encode("after");

    public static string Text(this RebuildState state) => state switch
    {
        RebuildState.Building => "building",
        RebuildState.Paused => "paused",
        RebuildState.Ready => "ready",
        RebuildState.Serving => "serving",
        RebuildState.Previous => "previous",
        RebuildState.Failed => "failed",
        RebuildState.Frozen => "frozen",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state that the API has no word for."),
    };

    public static void Write(Utf8JsonWriter json, RebuildEstimate estimate)
    {
        json.WriteStartObject();
        json.WriteString("view"u8, estimate.View);
        json.WriteNumber("version"u8, estimate.Version);
        json.WriteNumber("events"u8, estimate.Events);
        json.WriteNumber("bytes"u8, estimate.Bytes);
        json.WriteNumber("minutes"u8, Math.Round(estimate.Duration.TotalMinutes, 2));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, RebuildInfo build)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, build.Id);
        json.WriteString("view"u8, build.View);
        json.WriteNumber("version"u8, build.Version);
        json.WriteString("state"u8, build.State.Text());
        json.WriteString("watermark"u8, build.Watermark.ToString());
        json.WriteNumber("eventsDone"u8, build.EventsDone);
        json.WriteNumber("eventsTotal"u8, build.EventsTotal);
        json.WriteNumber("bytesDone"u8, build.BytesDone);
        json.WriteNumber("bytesTotal"u8, build.BytesTotal);
        json.WriteNumber("percent"u8, Math.Round(build.Percent, 2));
        if (build.Left is { } left)
            json.WriteNumber("secondsLeft"u8, Math.Round(left.TotalSeconds, 1));
        else
            json.WriteNull("secondsLeft"u8);
        json.WriteNumber("instances"u8, build.Instances);
        json.WriteNumber("quarantined"u8, build.Quarantined);
        json.WriteNumber("held"u8, build.Held);
        json.WriteString("problem"u8, build.Problem);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, DiffSummary summary)
    {
        json.WriteStartObject();
        WriteMembers(json, summary);
        json.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter json, DiffSummary summary)
    {
        json.WriteString("cut"u8, CutText.Of(summary.Cut));
        json.WriteNumber("oldVersion"u8, summary.OldVersion);
        json.WriteNumber("newVersion"u8, summary.NewVersion);
        json.WriteNumber("same"u8, summary.Same);
        json.WriteNumber("changed"u8, summary.Changed);
        json.WriteNumber("onlyOld"u8, summary.OnlyOld);
        json.WriteNumber("onlyNew"u8, summary.OnlyNew);
        json.WriteStartArray("fields"u8);
        foreach (var field in summary.Fields)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, field.Path);
            json.WriteNumber("keys"u8, field.Keys);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A value that is on one side only has no member for the other: null is a value too.</summary>
    public static void Write(Utf8JsonWriter json, KeyDiff item)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, item.Key);
        json.WriteString("change"u8, item.Change switch { DiffChange.OnlyOld => "only-old"u8, DiffChange.OnlyNew => "only-new"u8, _ => "changed"u8 });
        json.WriteStartArray("fields"u8);
        foreach (var field in item.Fields)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, field.Path);
            if (!field.Before.IsEmpty)
                JsonText.WriteRaw(json, _before, field.Before);
            if (!field.After.IsEmpty)
                JsonText.WriteRaw(json, _after, field.After);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, PromotionResult result)
    {
        json.WriteStartObject();
        json.WriteBoolean("promoted"u8, result.Promoted);
        json.WriteString("cut"u8, result.Cut is null ? null : CutText.Of(result.Cut));
        json.WritePropertyName("diff"u8);
        if (result.Diff is null)
            json.WriteNullValue();
        else
            Write(json, result.Diff);
        json.WriteEndObject();
    }
}
